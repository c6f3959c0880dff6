import GRDB
public import Moonwire

/// Reads the tables of broadcasts inside one view of the journal.
struct LedgerReader {
    let db: Database

    init(_ db: Database) {
        self.db = db
    }

    func unfinished() throws -> [BroadcastRecord] {
        // Over, but with rows that wait to be cleared: a cancelled one's pending rows, a deleted one's rows at all.
        try records(
            """
            SELECT * FROM broadcasts WHERE state IN (0, 1, 2, 3) OR state = 5 AND pending + claimed > 0
            OR state = 6 AND rows + rejected > 0 ORDER BY id
            """, [])
    }

    func all(named name: String?, limit: Int) throws -> [BroadcastRecord] {
        try records(
            """
            SELECT * FROM broadcasts WHERE state <> 6 AND (:name IS NULL OR name = :name) ORDER BY id DESC LIMIT :limit
            """, ["name": name, "limit": limit])
    }

    func one(_ target: BroadcastTarget) throws -> BroadcastRecord? {
        switch target {
        case .id(let id): try records("SELECT * FROM broadcasts WHERE id = ?", [id.rawValue]).first
        case .named(let name, let key):
            try records(
                """
                SELECT * FROM broadcasts WHERE name = :name AND (key = :key OR :key IS NULL AND state <> 6)
                ORDER BY id DESC LIMIT 1
                """, ["name": name, "key": key]
            ).first
        }
    }

    func audienceEnd(ofEvent key: String) throws -> AudienceEnd? {
        let found = try Row.fetchOne(
            db,
            sql: """
                SELECT events.id, events.ended, EXISTS (SELECT 1 FROM pending WHERE event = events.id) AS is_pending
                FROM events JOIN channels ON channels.id = events.channel WHERE channels.name = ? AND key = ?
                """, arguments: [ChannelID.host.rawValue, key])
        guard let found, !(found["is_pending"] as Bool) else { return nil }
        let event: Int64 = found["id"]
        // A run that waits has outlived its event.
        guard
            try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE event = ?)", arguments: [event]) != true
        else { return nil }
        let error = try String.fetchOne(
            db, sql: "SELECT error FROM dead WHERE event = ? ORDER BY id DESC LIMIT 1", arguments: [event])
        if let error { return .failed(error.split(separator: "\n").first.map(String.init)) }
        switch (found["ended"] as Int?).flatMap(EventEnd.init) {
        case .unmatched: return .unmatched
        case .failed: return .failed(nil)
        default: return .handled
        }
    }

    func due(of id: BroadcastID, at now: Instant, limit: Int) throws -> [Recipient] {
        try recipients(
            """
            SELECT * FROM recipients WHERE broadcast = ? AND state = 0 AND due <= ? ORDER BY due, number LIMIT ?
            """, [id.rawValue, now.rawValue, limit])
    }

    func nextDue(of id: BroadcastID) throws -> Instant? {
        try Int64.fetchOne(
            db, sql: "SELECT due FROM recipients WHERE broadcast = ? AND state = 0 ORDER BY due LIMIT 1",
            arguments: [id.rawValue]
        ).map(Instant.init(rawValue:))
    }

    func recipients(of id: BroadcastID, in state: RecipientState?, after: Int64, limit: Int) throws -> [Recipient] {
        guard let state else {
            return try recipients(
                "SELECT * FROM recipients WHERE broadcast = ? AND number > ? ORDER BY number LIMIT ?",
                [id.rawValue, after, limit])
        }
        return try recipients(
            """
            SELECT * FROM recipients WHERE broadcast = ? AND state = ? AND number > ? ORDER BY number LIMIT ?
            """, [id.rawValue, state.rawValue, after, limit])
    }

    func rejected(of id: BroadcastID, after: Int64, limit: Int) throws -> [RejectedRecord] {
        try Row.fetchAll(
            db,
            sql: "SELECT line, reason FROM rejected_records WHERE broadcast = ? AND line > ? ORDER BY line LIMIT ?",
            arguments: [id.rawValue, after, limit]
        ).map { RejectedRecord(line: $0["line"], reason: $0["reason"]) }
    }

    /// Changes of state that have not been told.
    func untold(limit: Int) throws -> [BroadcastChange] {
        // Of two columns with one name the first counts: what stands in the change is as it was then.
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT c.id AS change, c.kind, c.state, c.reason, c.pending, c.claimed, c.sent, c.skipped, c.failed,
                    c.unknown, c.skipped_opted_out, c.skipped_capped, c.skipped_cancelled, c.rejected, c.duplicates,
                    c.opt_outs, b.* FROM broadcast_changes c JOIN broadcasts b ON b.id = c.broadcast ORDER BY c.id LIMIT ?
                    """), arguments: [limit]
        ).compactMap { row in
            guard let kind = BroadcastChange.Kind(rawValue: row["kind"]) else { return nil }
            return BroadcastChange(number: row["change"], kind: kind, record: record(row))
        }
    }

    private func records(_ sql: String, _ arguments: StatementArguments) throws -> [BroadcastRecord] {
        try Row.fetchAll(db, sql: sql, arguments: arguments).map(record)
    }

    private func record(_ row: Row) -> BroadcastRecord {
        var counts = BroadcastCounts()
        for state in RecipientState.allCases { counts[state] = row[state.word] }
        var skips = BroadcastFigures.Skips()
        // A command may read a file that no host of this release has opened yet.
        skips.optedOut = row["skipped_opted_out"] ?? 0
        skips.frequencyCap = row["skipped_capped"] ?? 0
        skips.cancelled = row["skipped_cancelled"] ?? 0
        var state = BroadcastState(rawValue: row["state"]) ?? .paused
        var reason: String? = row["reason"]
        let plan = PlanCoding.decode(row.bytes("plan") ?? [])
        // One that cannot be understood stands still; all others go on.
        if plan == nil, !state.isOver {
            state = .paused
            reason = "its plan is of another release of moonwire, and this one cannot read it; go on with that one"
        }
        return BroadcastRecord(
            id: BroadcastID(rawValue: row["id"]), key: row["key"],
            plan: plan ?? .unreadable(name: row["name"], topic: row["topic"], version: row["version"]),
            state: state, reason: reason, counts: counts, skips: skips, isAudienceComplete: row["complete"],
            isAudienceBroken: row["broken"] ?? false, asked: row["asked"] ?? 0, position: row["position"],
            cursor: row["cursor"], rejected: row["rejected"],
            duplicates: row["duplicates"], optOuts: row["opt_outs"], rampStep: row["step"],
            forgiven: BroadcastRecord.Forgiven(
                wrong: row["wrong_before"], sent: row["sent_before"], optOuts: row["opt_outs_before"]),
            heldSince: Self.instant(row["held"]), createdAt: Instant(rawValue: row["created"]),
            startedAt: Self.instant(row["started"]), endedAt: Self.instant(row["ended"]))
    }

    private func recipients(_ sql: String, _ arguments: StatementArguments) throws -> [Recipient] {
        // In the order in which the sender asks for them; a page of them at a time.
        try Row.fetchAll(db.cachedStatement(sql: sql), arguments: arguments).map { row in
            Recipient(
                number: row["number"], address: row["address"], row: RawJSON(validated: row.bytes("row") ?? []),
                state: RecipientState(rawValue: row["state"]) ?? .unknown, reason: row["reason"],
                attempts: row["attempts"], intent: row.bytes("intent").map { RawJSON(validated: $0) },
                claimedAt: Self.instant(row["claimed"]), endedAt: Self.instant(row["ended"]),
                nativeID: row["native"], attempt: row["seen"] ?? 0)
        }
    }

    private static func instant(_ value: Int64?) -> Instant? { value.map(Instant.init(rawValue:)) }
}

extension SQLiteJournal: BroadcastLedger {
    public func unfinishedBroadcasts() async throws(JournalError) -> [BroadcastRecord] {
        try await read { try LedgerReader($0).unfinished() }
    }

    public func broadcasts(named name: String?, limit: Int) async throws(JournalError) -> [BroadcastRecord] {
        try await read { try LedgerReader($0).all(named: name, limit: limit) }
    }

    public func untoldChanges(limit: Int) async throws(JournalError) -> [BroadcastChange] {
        try await read { try LedgerReader($0).untold(limit: limit) }
    }

    public func broadcast(_ target: BroadcastTarget) async throws(JournalError) -> BroadcastRecord? {
        try await read { try LedgerReader($0).one(target) }
    }

    public func audienceEnd(ofEvent key: String) async throws(JournalError) -> AudienceEnd? {
        try await read { try LedgerReader($0).audienceEnd(ofEvent: key) }
    }

    public func dueRecipients(
        of id: BroadcastID, at now: Instant, limit: Int
    ) async throws(JournalError) -> [Recipient] {
        try await read { try LedgerReader($0).due(of: id, at: now, limit: limit) }
    }

    public func nextDue(of id: BroadcastID) async throws(JournalError) -> Instant? {
        try await read { try LedgerReader($0).nextDue(of: id) }
    }

    public func recipients(
        of id: BroadcastID, in state: RecipientState?, after: Int64, limit: Int
    ) async throws(JournalError) -> [Recipient] {
        try await read { try LedgerReader($0).recipients(of: id, in: state, after: after, limit: limit) }
    }

    public func forecast(
        of plan: BroadcastPlan, at now: Instant, folds: Bool
    ) throws(JournalError) -> any AudienceForecast {
        try LedgerForecast(self, plan, at: now, folds: folds)
    }

    public func rejectedRecords(
        of id: BroadcastID, after: Int64, limit: Int
    ) async throws(JournalError) -> [RejectedRecord] {
        try await read { try LedgerReader($0).rejected(of: id, after: after, limit: limit) }
    }
}

extension JournalReader: BroadcastLedger {
    public func unfinishedBroadcasts() async throws(JournalError) -> [BroadcastRecord] {
        try await read { try LedgerReader($0).unfinished() }
    }

    public func broadcasts(named name: String?, limit: Int) async throws(JournalError) -> [BroadcastRecord] {
        try await read { try LedgerReader($0).all(named: name, limit: limit) }
    }

    public func untoldChanges(limit: Int) async throws(JournalError) -> [BroadcastChange] {
        try await read { try LedgerReader($0).untold(limit: limit) }
    }

    public func broadcast(_ target: BroadcastTarget) async throws(JournalError) -> BroadcastRecord? {
        try await read { try LedgerReader($0).one(target) }
    }

    public func audienceEnd(ofEvent key: String) async throws(JournalError) -> AudienceEnd? {
        try await read { try LedgerReader($0).audienceEnd(ofEvent: key) }
    }

    public func dueRecipients(
        of id: BroadcastID, at now: Instant, limit: Int
    ) async throws(JournalError) -> [Recipient] {
        try await read { try LedgerReader($0).due(of: id, at: now, limit: limit) }
    }

    public func nextDue(of id: BroadcastID) async throws(JournalError) -> Instant? {
        try await read { try LedgerReader($0).nextDue(of: id) }
    }

    public func recipients(
        of id: BroadcastID, in state: RecipientState?, after: Int64, limit: Int
    ) async throws(JournalError) -> [Recipient] {
        try await read { try LedgerReader($0).recipients(of: id, in: state, after: after, limit: limit) }
    }

    public func forecast(
        of plan: BroadcastPlan, at now: Instant, folds: Bool
    ) throws(JournalError) -> any AudienceForecast {
        try LedgerForecast(self, plan, at: now, folds: folds)
    }

    public func rejectedRecords(
        of id: BroadcastID, after: Int64, limit: Int
    ) async throws(JournalError) -> [RejectedRecord] {
        try await read { try LedgerReader($0).rejected(of: id, after: after, limit: limit) }
    }
}
