import GRDB
public import Moonwire

extension SQLiteJournal {
    public func cursors(of channel: ChannelID) async throws(JournalError) -> [String: [UInt8]] {
        try await read { db in
            let sql = """
                SELECT cursors.key, cursors.value FROM cursors JOIN channels ON channels.id = cursors.channel
                WHERE channels.name = ?
                """
            let rows = try Row.fetchAll(db, sql: sql, arguments: [channel.rawValue])
            return Dictionary(
                rows.map { ($0["key"], $0.bytes("value") ?? []) }, uniquingKeysWith: { first, _ in first })
        }
    }

    public func pendingEvents(after: EventID, limit: Int) async throws(JournalError) -> [PendingEvent] {
        try await read { try Recovery($0).pendingEvents(after: after, limit: limit) }
    }

    public func interruptedRuns() async throws(JournalError) -> RecoveredRuns {
        try await read { try Recovery($0).interruptedRuns() }
    }

    public func waitingSessions(version: String?) async throws(JournalError) -> [SessionDigest] {
        try await read { try Recovery($0).waitingSessions(version: version) }
    }

    public func waitingRuns(of sessions: [SessionDigest]) async throws(JournalError) -> RecoveredRuns {
        try await read { try Recovery($0).waitingRuns(of: sessions) }
    }

    public func deadlines(after: Deadline?, before: Instant, limit: Int) async throws(JournalError) -> [Deadline] {
        try await read { try Recovery($0).deadlines(after: after, before: before, limit: limit) }
    }

    public func versions(of script: String?) async throws(JournalError) -> [VersionReport] {
        try await read { try Recovery($0).versionReports(of: script) }
    }

    public func retirements() async throws(JournalError) -> [String: Retirement] {
        try await read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT version, retired FROM versions WHERE retired IS NOT NULL")
            return Dictionary(
                rows.map { ($0["version"], ($0["retired"] as Bool) ? .handsOver : .cancels) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    public func pins() async throws(JournalError) -> [String: VersionPin] {
        try await read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT script, disk, version FROM pins")
            return Dictionary(
                rows.map { ($0["script"], VersionPin(disk: $0["disk"], version: $0["version"])) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    public func pauses() async throws(JournalError) -> [SessionID: SessionPause] {
        try await read { try PauseReading($0).all() }
    }

    public func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String> {
        try await read { db in
            // Runs end in the order of their rows, give or take what lanes and a corrected clock may differ by; a step
            // that began since then belongs to a run that has not ended or ended since then.
            let sql = """
                WITH candidates AS (
                    SELECT id AS run FROM runs
                    UNION ALL
                    SELECT run FROM ended_runs WHERE id > coalesce(
                        (SELECT id FROM ended_runs WHERE ended < :since - 60000 ORDER BY id DESC LIMIT 1), 0))
                SELECT outcomes.native FROM candidates JOIN steps ON steps.run = candidates.run
                JOIN outcomes ON outcomes.run = steps.run AND outcomes.number = steps.number
                WHERE outcomes.native IS NOT NULL AND steps.at >= :since AND steps.session IN (:session, :other)
                AND steps.channel = (SELECT id FROM channels WHERE name = :channel)
                """
            // What a broadcast opens may stand beside what scripts opened on the channel.
            let other = LedgerReader.recipient(of: session) == nil ? session.id : ""
            let ofSteps = try String.fetchAll(
                db, sql: sql,
                arguments: [
                    "since": since.rawValue, "session": session.id, "other": other,
                    "channel": session.channel.rawValue,
                ])
            return try Set(ofSteps).union(LedgerReader(db).nativeIDs(of: session, since: since))
        }
    }

    public func sources(of version: String) async throws(JournalError) -> ScriptSources? {
        try await read { try VersionCoding.find(version, in: $0) }
    }

    public func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport] {
        try await read { try Recovery($0).unknownSteps(limit: limit) }
    }

    public func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter] {
        try await read { try Recovery($0).deadLetters(limit: limit) }
    }
}
