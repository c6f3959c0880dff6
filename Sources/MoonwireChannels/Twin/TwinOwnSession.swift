import EventJSON
import Moonwire

/// What a later process has to know of a session that the seat answers.
struct TwinOwnSession: Sendable, Hashable {
    let id: String
    /// Tells the seat's times with the session apart.
    var stamp = ""
    /// Whether a human writes in it, so that the bot is silent.
    var isYielded = false

    /// Nil unless the seat answers it.
    init?(_ entry: TwinSessionEntry?) {
        guard let entry, entry.state == .mine else { return nil }
        id = entry.session.id.id
        stamp = entry.stamp
        isYielded = entry.isYielded
    }

    /// Reads what `write` wrote; earlier versions wrote the id alone.
    init?(_ tree: JSON) {
        guard let id = tree.string ?? tree["id"]?.string else { return nil }
        self.id = id
        stamp = tree["stamp"]?.string ?? ""
        isYielded = tree["yielded"]?.bool ?? false
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.value(id)
        writer.key("stamp")
        writer.value(stamp)
        if isYielded {
            writer.key("yielded")
            writer.value(true)
        }
        writer.endObject()
    }
}
