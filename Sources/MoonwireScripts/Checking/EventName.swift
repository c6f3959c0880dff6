import Moonwire

/// Which names `bot.on` and `session:wait_for` take.
enum EventName {
    static func problem(_ name: String) -> String? {
        if LuaAPI.events.contains(where: { $0.name == name }) { return nil }
        if let colon = name.firstIndex(of: ":"), colon != name.startIndex, name.index(after: colon) != name.endIndex {
            return nil
        }
        return "there is no event '\(name)'" + NearestWord.hint(for: name, in: LuaAPI.events.map(\.name))
    }

    /// Whether the peer rule is the default: for what people write and type. Everything else counts whoever caused it.
    static func isSpeech(_ name: String) -> Bool {
        name == "message.created" || name == "message.updated" || name.hasPrefix("typing.")
    }
}
