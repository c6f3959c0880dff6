import GRDB
import Moonwire

/// Reads which sessions people keep the bot out of.
struct PauseReading {
    private let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func all() throws -> [SessionID: SessionPause] {
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM pauses")
        return Dictionary(
            rows.map { row in
                (SessionID(channel: ChannelID(row["channel"] as String), id: row["session"]), Self.pause(row))
            }, uniquingKeysWith: { first, _ in first })
    }

    /// A journal that no host of this release has opened yet has none.
    func pause(of session: SessionID) throws -> SessionPause? {
        guard try db.tableExists("pauses") else { return nil }
        return try Row.fetchOne(
            db, sql: "SELECT * FROM pauses WHERE channel = ? AND session = ?",
            arguments: [session.channel.rawValue, session.id]
        ).map(Self.pause)
    }

    private static func pause(_ row: Row) -> SessionPause {
        SessionPause(
            at: Instant(rawValue: row["at"]),
            by: Operator(id: row["operator"], name: row["name"], email: row["email"]))
    }
}
