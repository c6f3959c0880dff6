import EventJSON
import Moonwire

/// How far a channel has read, and which sessions were its own: what a later process needs to find what it missed.
struct TwinCursor: Sendable {
    static let key = "stream"
    private static let shards: UInt64 = 256

    /// When the last event reached the host.
    var heardAt: Instant
    /// Where the unfilled gap begins; `nil` when all before `heardAt` is read.
    var gapSince: Instant?
    /// Whether a first start still has to handle what was unread then.
    var isUnread = false

    init(startingAt now: Instant) {
        heardAt = now
    }

    init?(_ bytes: [UInt8]) {
        guard let tree = try? JSON(parsing: bytes), let heard = tree["heard"]?.int else { return nil }
        heardAt = Instant(milliseconds: Int64(heard))
        isUnread = tree["unread"]?.bool ?? false
        gapSince = tree["gap"]?.int.map { Instant(milliseconds: Int64($0)) }
    }

    var cursor: Cursor {
        var writer = JSONWriter(reservingCapacity: 60)
        writer.beginObject()
        writer.key("heard")
        writer.value(heardAt.rawValue)
        if isUnread {
            writer.key("unread")
            writer.value(true)
        }
        if let gapSince {
            writer.key("gap")
            writer.value(gapSince.rawValue)
        }
        writer.endObject()
        return Cursor(key: Self.key, value: writer.bytes)
    }

    /// The own sessions, in lists that are small enough to be written anew when one of them comes, goes or changes.
    static func ownSessions(_ own: [TwinOwnSession], changed: Set<String>) -> [Cursor] {
        let touched = Set(changed.map(shard))
        guard !touched.isEmpty else { return [] }
        var lists: [String: [TwinOwnSession]] = [:]
        for session in own {
            let key = shard(session.id)
            if touched.contains(key) { lists[key, default: []].append(session) }
        }
        return touched.sorted().map { key in
            var writer = JSONWriter()
            writer.beginArray()
            for session in (lists[key] ?? []).sorted(by: { $0.id < $1.id }) { session.write(to: &writer) }
            writer.endArray()
            return Cursor(key: key, value: writer.bytes)
        }
    }

    /// The own sessions that cursors remember.
    static func ownSessions(in cursors: [String: [UInt8]]) -> [TwinOwnSession] {
        cursors.filter { $0.key.hasPrefix("own.") }.flatMap { _, value in
            (try? JSON(parsing: value))?.elements.compactMap(TwinOwnSession.init) ?? []
        }
    }

    private static func shard(_ id: String) -> String {
        var hash = StableHash()
        hash.combine(id.utf8)
        return "own.\(hash.value % shards)"
    }
}
