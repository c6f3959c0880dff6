import EventJSON
import Moonwire

/// How far a channel has read: the last frame that was heard, and a gap before it that is not filled yet.
struct ChatwootCursor: Sendable {
    static let key = "stream"

    /// When the last event reached the host.
    var heardAt: Instant
    /// Where the unfilled gap begins; `nil` when all before `heardAt` is read.
    var gapSince: Instant?
    var firstStart: Instant
    /// Whether a first start still has to handle what was unread then.
    var isUnread = false

    init(startingAt now: Instant) {
        heardAt = now
        firstStart = now
    }

    init?(_ bytes: [UInt8]) {
        guard let tree = try? JSON(parsing: bytes), let heard = tree["heard"]?.int, let first = tree["first"]?.int
        else { return nil }
        heardAt = Instant(milliseconds: Int64(heard))
        firstStart = Instant(milliseconds: Int64(first))
        isUnread = tree["unread"]?.bool ?? false
        gapSince = tree["gap"]?.int.map { Instant(milliseconds: Int64($0)) }
    }

    var bytes: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 80)
        writer.beginObject()
        writer.key("heard")
        writer.value(heardAt.rawValue)
        writer.key("first")
        writer.value(firstStart.rawValue)
        if isUnread {
            writer.key("unread")
            writer.value(true)
        }
        if let gapSince {
            writer.key("gap")
            writer.value(gapSince.rawValue)
        }
        writer.endObject()
        return writer.bytes
    }

    var cursor: Cursor { Cursor(key: Self.key, value: bytes) }
}
