import GRDB
import GRDBSQLite
import Moonwire

/// Writes which versions of scripts there are, and which are in service. Confined to the writer's queue.
final class VersionWriter {
    private let newest, insert, serve, retirement, upsertPin, deletePin: PreparedStatement

    init(_ db: Database) throws {
        newest = try PreparedStatement("SELECT version FROM versions WHERE script = ?1 ORDER BY id DESC LIMIT 1", db)
        insert = try PreparedStatement(
            """
            INSERT OR REPLACE INTO versions (version, script, entry, files, settings, installed, level)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """, db)
        serve = try PreparedStatement(
            "UPDATE versions SET retired = NULL WHERE version = ?1 AND retired IS NOT NULL", db)
        retirement = try PreparedStatement("UPDATE versions SET retired = ?2 WHERE version = ?1", db)
        upsertPin = try PreparedStatement(
            "INSERT OR REPLACE INTO pins (script, disk, version) VALUES (?1, ?2, ?3)", db)
        deletePin = try PreparedStatement("DELETE FROM pins WHERE script = ?1", db)
    }

    /// A version that comes back becomes the newest of its script again; the one that is newest keeps its date. Either
    /// is in service again.
    func keep(_ sources: ScriptSources, at now: Instant) throws(SQLiteFailure) {
        newest.bind(1, sources.script)
        if try newest.next() {
            let version = newest.text(0)
            newest.reset()
            if version == sources.version {
                serve.bind(1, version)
                try serve.run()
                return
            }
        }
        insert.bind(1, sources.version)
        insert.bind(2, sources.script)
        insert.bind(3, sources.entry)
        insert.bind(4, VersionCoding.encode(sources.files))
        insert.bind(5, sources.settings.bytes)
        insert.bind(6, now.rawValue)
        insert.bind(7, Int64(sources.level))
        try insert.run()
    }

    func retire(_ version: String, _ how: Retirement) throws(SQLiteFailure) {
        retirement.bind(1, version)
        retirement.bind(2, how == .handsOver ? 1 : 0)
        try retirement.run()
    }

    func pin(_ script: String, disk: String, version: String?) throws(SQLiteFailure) {
        guard let version else {
            deletePin.bind(1, script)
            try deletePin.run()
            return
        }
        upsertPin.bind(1, script)
        upsertPin.bind(2, disk)
        upsertPin.bind(3, version)
        try upsertPin.run()
    }
}
