import GRDB
import Moonwire

/// Writes which sessions people keep the bot out of. Confined to the writer's queue.
final class PauseWriter {
    private let upsert, delete: PreparedStatement

    init(_ db: Database) throws {
        upsert = try PreparedStatement(
            """
            INSERT OR REPLACE INTO pauses (channel, session, at, operator, name, email)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """, db)
        delete = try PreparedStatement("DELETE FROM pauses WHERE channel = ?1 AND session = ?2", db)
    }

    func write(_ session: SessionID, _ pause: SessionPause?) throws(SQLiteFailure) {
        guard let pause else {
            delete.bind(1, session.channel.rawValue)
            delete.bind(2, session.id)
            try delete.run()
            return
        }
        upsert.bind(1, session.channel.rawValue)
        upsert.bind(2, session.id)
        upsert.bind(3, pause.at.rawValue)
        upsert.bind(4, pause.by.id)
        upsert.bind(5, pause.by.name)
        upsert.bind(6, pause.by.email)
        try upsert.run()
    }
}
