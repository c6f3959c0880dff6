import EventJSON
import Foundation
import GRDB
import Moonwire

extension Recovery {
    private static let eventColumns = """
        events.id, events.key, events.at, events.body, events.ended,
        EXISTS (SELECT 1 FROM pending WHERE pending.event = events.id) AS is_pending
        """

    func events(since: Instant, after: EventID, limit: Int) throws -> [RecordedEvent] {
        // Admission times grow with the ids, so that the first row that is young enough ends the search.
        let sql = """
            SELECT \(Self.eventColumns) FROM events
            WHERE id > ? AND at >= ? AND body IS NOT NULL ORDER BY id LIMIT ?
            """
        return try Row.fetchAll(
            db.cachedStatement(sql: sql), arguments: [after.rawValue, since.rawValue, max(limit, 0)]
        ).map(recordedEvent)
    }

    /// Looks for the session's id in the bodies, which are JSON, before it reads one.
    func events(of session: SessionID, since: Instant) throws -> [RecordedEvent] {
        let sql = """
            SELECT \(Self.eventColumns) FROM events
            WHERE channel = (SELECT id FROM channels WHERE name = ?) AND at >= ? AND body IS NOT NULL
            AND instr(body, CAST(? AS BLOB)) > 0 ORDER BY id
            """
        let quoted = String(decoding: JSON.string(session.id).bytes, as: UTF8.self)
        let needle = session.id.isEmpty ? "{" : "\"id\":" + quoted
        let rows = try Row.fetchCursor(
            db, sql: sql, arguments: [session.channel.rawValue, since.rawValue, needle])
        var events: [RecordedEvent] = []
        while let row = try rows.next() {
            let event = try recordedEvent(row)
            if event.admitted.event.sessionID == session { events.append(event) }
        }
        return events
    }

    func eventsTakenByOlderRuns(since: Instant) throws -> Set<EventID> {
        let sql = """
            SELECT event FROM awaited_events
            WHERE event >= (SELECT id FROM events WHERE at >= :since ORDER BY id LIMIT 1)
            AND run IN (
                SELECT id FROM runs WHERE started < :since
                UNION ALL SELECT run FROM ended_runs WHERE id > \(RunReading.lastEndedBefore) AND started < :since)
            """
        return try Set(
            Int64.fetchAll(db, sql: sql, arguments: ["since": since.rawValue]).map(EventID.init(rawValue:)))
    }

    func deadLetters(limit: Int) throws -> [DeadLetter] {
        try deadLetters("1 ORDER BY dead.id DESC LIMIT ?", [max(limit, 0)])
    }

    func deadLetters(of session: SessionID, since: Instant) throws -> [DeadLetter] {
        try deadLetters(
            "dead.session = ? AND channels.name = ? AND dead.at >= ? ORDER BY dead.id",
            [session.id, session.channel.rawValue, since.rawValue])
    }

    private func deadLetters(_ condition: String, _ arguments: StatementArguments) throws -> [DeadLetter] {
        let sql = """
            SELECT dead.*, channels.name AS channel_name FROM dead JOIN channels ON channels.id = dead.channel
            WHERE \(condition)
            """
        return try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
            DeadLetter(
                run: (row["run"] as Int64?).map(RunID.init(rawValue:)),
                event: (row["event"] as Int64?).map(EventID.init(rawValue:)),
                session: SessionID(channel: ChannelID(row["channel_name"] as String), id: row["session"]),
                script: row["script"], error: row["error"], at: Instant(rawValue: row["at"]))
        }
    }

    private func recordedEvent(_ row: Row) throws -> RecordedEvent {
        let isPending: Bool = row["is_pending"]
        let end = (row["ended"] as Int?).flatMap(EventEnd.init(rawValue:)) ?? .handled
        return RecordedEvent(admitted: try event(row), end: isPending ? nil : end)
    }
}
