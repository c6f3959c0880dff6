import GRDB
import Moonwire

/// One kind of row that grows old: how to find what may go, and how to remove what was found.
///
/// Finding happens on another connection than removing. Nothing that was found free can be wanted again in between: a
/// run that has ended does not begin anew, and only a pending event begins a run or ends a wait.
struct RetentionTarget: Sendable {
    /// Gives ids above `:after`, at most `:limit` of them, in order.
    private let find: String
    /// With `:ids` standing for the list of ids.
    private let remove: [String]
    private let before: Instant

    /// How many ids are looked for at once, and how many of them one transaction removes.
    static let page = 10_000
    static let chunk = 100

    func candidates(_ db: Database, after: Int64) throws -> [Int64] {
        try Int64.fetchAll(
            db, sql: find, arguments: ["after": after, "before": before.rawValue, "limit": Self.page])
    }

    func remove(_ ids: ArraySlice<Int64>, _ db: Database) throws -> Int {
        // Numbers only, so that the list may stand in the text.
        let list = ids.map(String.init).joined(separator: ",")
        return try Self.transaction(db) {
            for statement in remove {
                try db.execute(sql: statement.replacing(":ids", with: list))
            }
        }
    }

    static func all(payloads: Instant, keys: Instant, now: Instant) -> [RetentionTarget] {
        [
            // The newest rows of these two tables stay for ever: SQLite counts on from them.
            RetentionTarget(
                find: """
                    SELECT id FROM ended_runs WHERE id > :after AND ended < :before AND started < :before
                    AND id < (SELECT max(id) FROM ended_runs) ORDER BY id LIMIT :limit
                    """,
                remove: ["steps", "outcomes", "unknown_steps", "awaited_events"].map {
                    "DELETE FROM \($0) WHERE run IN (SELECT run FROM ended_runs WHERE id IN (:ids))"
                } + ["DELETE FROM ended_runs WHERE id IN (:ids)"],
                before: payloads),
            RetentionTarget(
                find: """
                    SELECT id FROM events WHERE id > :after AND at < :before AND body IS NOT NULL
                    AND id NOT IN (SELECT event FROM pending) AND id NOT IN (SELECT event FROM runs)
                    AND id NOT IN (
                        SELECT awaited_events.event FROM awaited_events JOIN runs ON runs.id = awaited_events.run)
                    ORDER BY id LIMIT :limit
                    """,
                remove: ["UPDATE events SET body = NULL WHERE id IN (:ids)"], before: payloads),
            RetentionTarget(
                find: """
                    SELECT id FROM events WHERE id > :after AND at < :before AND body IS NULL
                    AND id < (SELECT max(id) FROM events) ORDER BY id LIMIT :limit
                    """,
                remove: ["DELETE FROM events WHERE id IN (:ids)"], before: keys),
            RetentionTarget(
                find: "SELECT id FROM dead WHERE id > :after AND at < :before ORDER BY id LIMIT :limit",
                remove: ["DELETE FROM dead WHERE id IN (:ids)"], before: payloads),
            RetentionTarget(
                find: """
                    SELECT id FROM ticks WHERE id > :after AND due < :before AND state > 1
                    AND id NOT IN (SELECT max(id) FROM ticks GROUP BY job) ORDER BY id LIMIT :limit
                    """,
                remove: ["DELETE FROM ticks WHERE id IN (:ids)"], before: keys),
            RetentionTarget(
                find: "SELECT id FROM session_clients WHERE id > :after AND at < :before ORDER BY id LIMIT :limit",
                remove: ["DELETE FROM session_clients WHERE id IN (:ids)"],
                before: Instant(rawValue: now.rawValue - longestCap)),
        ]
    }

    /// Removes keys whose time is up and allowances that are full again.
    static func removeStores(_ db: Database, now: Instant) throws -> Int {
        try transaction(db) {
            try db.execute(sql: "DELETE FROM kv WHERE expires <= ?", arguments: [now.rawValue])
            try db.execute(sql: "DELETE FROM limits WHERE full <= ?", arguments: [now.rawValue])
        }
    }

    /// How long a frequency cap may look back, and a session that has gone silent be written to.
    private static let longestCap: Int64 = 366 * 86_400_000

    /// Forgets messages of broadcasts that no frequency cap looks back to.
    static func removeTopicMessages(_ db: Database, now: Instant) throws -> Int {
        try transaction(db) {
            try db.execute(
                sql: """
                    DELETE FROM topic_messages WHERE (topic, address, at, broadcast, number) IN (
                        SELECT topic, address, at, broadcast, number FROM topic_messages WHERE at < ? LIMIT ?)
                    """, arguments: [now.rawValue - longestCap, page])
        }
    }

    /// Marks old broadcasts as deleted, as a person would; whoever runs broadcasts clears their rows.
    static func deleteBroadcasts(_ db: Database, endedBefore instant: Instant) throws -> Int {
        try transaction(db) {
            try db.execute(
                sql: "UPDATE broadcasts SET state = 6 WHERE state IN (4, 5) AND pending + claimed = 0 AND ended < ?",
                arguments: [instant.rawValue])
        }
    }

    /// Removes versions that no unfinished run is on and that are not the newest of their script. A run begins a moment
    /// before its row is written, so that a version must have been found unused long ago.
    static func removeVersions(_ db: Database, unusedSince: Instant, now: Instant) throws -> Int {
        let isUsed = """
            id = (SELECT max(newer.id) FROM versions newer WHERE newer.script = versions.script)
            OR version IN (SELECT handlers.version FROM runs JOIN handlers ON handlers.id = runs.handler)
            OR version IN (SELECT version FROM broadcasts WHERE state <> 6)
            """
        var removed = 0
        _ = try transaction(db) {
            try db.execute(sql: "UPDATE versions SET unused = NULL WHERE unused IS NOT NULL AND (\(isUsed))")
            try db.execute(
                sql: "DELETE FROM versions WHERE unused < ? AND NOT (\(isUsed))", arguments: [unusedSince.rawValue])
            removed = db.changesCount
            try db.execute(
                sql: "UPDATE versions SET unused = ? WHERE unused IS NULL AND NOT (\(isUsed))",
                arguments: [now.rawValue])
        }
        return removed
    }

    private static func transaction(_ db: Database, _ body: () throws -> Void) throws -> Int {
        let before = db.totalChangesCount
        try db.inTransaction(.immediate) {
            try body()
            return .commit
        }
        return db.totalChangesCount - before
    }
}
