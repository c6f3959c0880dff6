import EventJSON
import GRDB
import Moonwire

/// A script's sources as columns.
enum VersionCoding {
    /// The files as one JSON object, by name.
    static func encode(_ files: [String: String]) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            writer.key(name: name)
            writer.value(text)
        }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func find(_ version: String, in db: Database) throws -> ScriptSources? {
        // Whatever columns there are: a reader meets files of older releases as they are.
        let sql = "SELECT * FROM versions WHERE version = ?"
        return try Row.fetchOne(db, sql: sql, arguments: [version]).map { try decode($0, version: version) }
    }

    static func decode(_ row: Row, version: String) throws -> ScriptSources {
        let members = try JSON(parsing: row["files"] as String).object?.members ?? []
        return ScriptSources(
            version: version, script: row["script"],
            files: Dictionary(
                members.map { ($0.key, $0.value.string ?? "") }, uniquingKeysWith: { first, _ in first }),
            entry: row["entry"], settings: RawJSON(validated: row.bytes("settings") ?? []), level: row["level"] ?? 1)
    }
}
