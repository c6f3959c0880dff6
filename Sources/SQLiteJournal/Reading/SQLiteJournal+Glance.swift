import GRDB
public import Moonwire

extension SQLiteJournal: SessionGlancing {
    public func glance(
        of session: SessionID, for person: String?, ended: Int, now: Instant
    ) async throws(JournalError) -> SessionGlance {
        try await read { db in
            let panels = try Row.fetchAll(
                db, sql: "SELECT key, value FROM kv WHERE scope = ? AND (expires IS NULL OR expires > ?)",
                arguments: [SessionGlance.panelScope(of: session, for: person), now.rawValue])
            return SessionGlance(
                runs: try RunReading(db).latest(of: session, ended: ended),
                panels: Dictionary(
                    panels.map { ($0["key"], RawJSON(validated: $0.bytes("value") ?? [])) },
                    uniquingKeysWith: { first, _ in first }),
                pause: try PauseReading(db).pause(of: session))
        }
    }
}
