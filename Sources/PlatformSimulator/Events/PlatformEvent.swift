/// Something that happened in the world, ready for the streams that may hear of it.
struct PlatformEvent: Sendable {
    let name: String
    let data: JSONValue
    let audience: [EventStream]

    /// The `message` of the cable frame.
    var payload: [UInt8] {
        JSONValue.object(["event": .string(name), "data": data]).bytes(htmlSafe: true)
    }
}

/// What a subscription listens to.
enum EventStream: Sendable, Hashable {
    /// One contact session, by its token.
    case contact(String)
    /// One user, by its token.
    case user(String)
    /// All that concerns an account as a whole.
    case account(Int)

    var isContact: Bool {
        if case .contact = self { true } else { false }
    }
}
