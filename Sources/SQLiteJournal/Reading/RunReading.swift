import GRDB
import Moonwire

/// Reads runs with everything that belongs to them, unfinished and ended ones alike.
struct RunReading {
    /// Which events of the run that is being read are gone.
    private final class Gone {
        var events: Set<EventID> = []
    }

    /// The last row of `ended_runs` that certainly ended before `:since`. Rows stand in the order of their ends, give or
    /// take what lanes and a corrected clock may differ by.
    static let lastEndedBefore =
        "coalesce((SELECT id FROM ended_runs WHERE ended < :since - 60000 ORDER BY id DESC LIMIT 1), 0)"

    private static let unfinished = """
        SELECT runs.id AS position, runs.id AS run_id, \(Recovery.runColumns("runs")),
        NULL AS ended, NULL AS state, 0 AS stops, NULL AS error FROM \(Recovery.runTables("runs"))
        """
    private static let ended = """
        SELECT ended_runs.id AS position, ended_runs.run AS run_id, \(Recovery.runColumns("ended_runs")),
        ended_runs.ended, ended_runs.state, ended_runs.stops, ended_runs.error
        FROM \(Recovery.runTables("ended_runs"))
        """
    private static let pageSize = 200
    private static let depthOfGlance = 20_000

    private let db: Database
    private let recovery: Recovery
    private let gone: Gone

    init(_ db: Database) {
        let gone = Gone()
        self.db = db
        self.gone = gone
        recovery = Recovery(db) { id in
            gone.events.insert(id)
            let event = Event(
                name: "", native: "", key: nil, id: "", at: Instant(rawValue: 0), channel: "",
                platform: Platform(rawValue: ""), role: .operator)
            return AdmittedEvent(id: id, event: event, body: EventBody(event), admittedAt: event.at)
        }
    }

    func page(of script: String?, since: Instant, _ next: RunPage.Next?) throws -> RunPage {
        let next = next ?? RunPage.Next(isAmongEnded: false, after: Int64.min)
        let table = next.isAmongEnded ? "ended_runs" : "runs"
        let mark = next.isAmongEnded ? "AND ended_runs.id > \(Self.lastEndedBefore)" : ""
        let sql = """
            \(next.isAmongEnded ? Self.ended : Self.unfinished)
            WHERE \(table).id > :after AND \(table).started >= :since \(mark)
            AND (:script IS NULL OR handlers.script = :script) ORDER BY \(table).id LIMIT \(Self.pageSize)
            """
        let rows = try Row.fetchAll(
            db, sql: sql, arguments: ["after": next.after, "since": since.rawValue, "script": script])
        let runs = try rows.map(history)
        if rows.count == Self.pageSize, let last = rows.last {
            return RunPage(
                runs: runs, next: RunPage.Next(isAmongEnded: next.isAmongEnded, after: last["position"]))
        }
        return RunPage(runs: runs, next: next.isAmongEnded ? nil : RunPage.Next(isAmongEnded: true, after: Int64.min))
    }

    func run(_ id: RunID) throws -> RunLife? {
        if let row = try Row.fetchOne(db, sql: Self.unfinished + " WHERE runs.id = ?", arguments: [id.rawValue]) {
            return try history(row)
        }
        return try Row.fetchOne(db, sql: Self.ended + " WHERE ended_runs.run = ?", arguments: [id.rawValue])
            .map(history)
    }

    /// In the order in which they began.
    func runs(of session: SessionID, since: Instant) throws -> [RunLife] {
        let condition = "run_channels.name = :channel AND"
        let arguments: StatementArguments = [
            "channel": session.channel.rawValue, "session": session.id, "since": since.rawValue,
        ]
        let unfinished = try Row.fetchAll(
            db, sql: Self.unfinished + " WHERE \(condition) runs.session = :session AND :since IS NOT NULL",
            arguments: arguments)
        let ended = try Row.fetchAll(
            db,
            sql: Self.ended
                + " WHERE \(condition) ended_runs.session = :session AND ended_runs.ended >= :since",
            arguments: arguments)
        return try (unfinished + ended).map(history).sorted {
            ($0.record.startedAt, $0.record.id.rawValue) < ($1.record.startedAt, $1.record.id.rawValue)
        }
    }

    /// The runs of a session that wait, and the latest of those that have ended lately, in the order in which they began.
    /// Only the newest ends of the whole journal are looked through, as a session has no index of its own.
    func latest(of session: SessionID, ended: Int) throws -> [RunLife] {
        let digest = Int64(bitPattern: SessionDigest(session).rawValue)
        let waiting = try Row.fetchAll(
            db,
            sql: Self.unfinished
                + " WHERE runs.id IN (SELECT run FROM waits WHERE waits.session = ?) AND runs.session = ?",
            arguments: [digest, session.id])
        let latest = try Row.fetchAll(
            db,
            sql: Self.ended + """
                 WHERE ended_runs.id > (SELECT max(id) FROM ended_runs) - \(Self.depthOfGlance)
                AND ended_runs.session = ? AND run_channels.name = ? ORDER BY ended_runs.id DESC LIMIT ?
                """, arguments: [session.id, session.channel.rawValue, max(ended, 0)])
        return try (waiting + latest).map(history).filter { $0.record.session == session }.sorted {
            ($0.record.startedAt, $0.record.id.rawValue) < ($1.record.startedAt, $1.record.id.rawValue)
        }
    }

    private func history(_ row: Row) throws -> RunLife {
        gone.events = []
        let record = recovery.run(row, id: RunID(rawValue: row["run_id"]))
        let trigger = try recovery.event(record.event)
        let isGone = !gone.events.isEmpty
        let steps = try recovery.steps(of: record.id)
        let end = (row["ended"] as Int64?).map { at in
            RunEnd(
                state: RunEnd.State(code: row["state"]), stops: row["stops"], error: row["error"],
                at: Instant(rawValue: at))
        }
        return RunLife(
            record: record, trigger: isGone ? nil : trigger, steps: steps, end: end, isWhole: gone.events.isEmpty)
    }
}

extension RunEnd.State {
    /// A state that a later release added reads as dead.
    init(code: Int64) {
        self = [.done, .failed, .dead].first { $0.code == code } ?? .dead
    }
}
