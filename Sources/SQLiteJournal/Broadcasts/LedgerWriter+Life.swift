import EventJSON
import GRDBSQLite
import Moonwire

// From a broadcast's beginning to its end.
extension LedgerWriter {
    func create(_ plan: BroadcastPlan, key: String, starts: Bool, at now: Instant) throws(SQLiteFailure) -> Answer {
        guard let encoded = PlanCoding.encode(plan) else {
            return Self.refusal("the plan of the broadcast \(plan.name) cannot be written down")
        }
        let state: BroadcastState = starts ? .running : .draft
        let isNew =
            try run(
                """
                INSERT INTO broadcasts (name, key, plan, topic, version, state, created, started)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING
                """, .text(plan.name), .text(key), .blob(encoded), .text(plan.topic),
                .text(plan.version), .int(state.rawValue), .int(now.rawValue), starts ? .int(now.rawValue) : .null) > 0
        guard let row = try find(.named(plan.name, key: key)) else {
            return Self.refusal("the broadcast \(plan.name) cannot be made")
        }
        var present = row.state
        let asksAgain = !isNew && row.state == .draft && row.isBroken
        if asksAgain {
            // Nothing has come of its plan yet, so that it is made as the script has it now.
            let isAnother = try self.plan(of: row.id)?.audience != plan.audience
            try run(
                "UPDATE broadcasts SET plan = ?2, topic = ?3, version = ?4 WHERE id = ?1", .int(row.id.rawValue),
                .blob(encoded), .text(plan.topic), .text(plan.version))
            try askAgain(row, anew: isAnother)
        }
        if !isNew, starts, row.state == .draft {
            try run(
                "UPDATE broadcasts SET state = 1, started = ?2 WHERE id = ?1", .int(row.id.rawValue),
                .int(now.rawValue))
            present = .running
        }
        var answer: JSONObject = [
            "id": .int(row.id.rawValue), "created": .bool(isNew), "state": .string(present.word),
        ]
        if asksAgain { answer["asks_again"] = true }
        return .success(Self.object(answer))
    }

    func add(
        _ entries: [AudienceEntry], _ rejected: [RejectedRecord], position: Int64, cursor: String?, to id: BroadcastID
    ) throws(SQLiteFailure) -> Answer {
        guard let row = try find(.id(id)), !row.isComplete, !row.state.isOver else { return .success(.null) }
        let known = try number("SELECT position FROM broadcasts WHERE id = ?1", .int(id.rawValue)) ?? 0
        // A page of a platform's list may be empty, and yet have one behind it.
        guard position > known || cursor != nil && entries.isEmpty && rejected.isEmpty else {
            return .success(Self.object(["added": 0]))
        }
        var last = try number("SELECT rows FROM broadcasts WHERE id = ?1", .int(id.rawValue)) ?? 0
        let first = last
        var duplicates: Int64 = 0
        var hasOthers =
            try number("SELECT 1 FROM recipient_addresses WHERE broadcast = ?1 LIMIT 1", .int(id.rawValue)) != nil
        for entry in entries {
            hasOthers = hasOthers || !entry.others.isEmpty
            switch try insert(entry, number: last + 1, row, hasOthers: hasOthers) {
            case .added: last += 1
            case .met: break
            case .duplicate: duplicates += 1
            }
        }
        for record in rejected {
            try run(
                "INSERT OR REPLACE INTO rejected_records (broadcast, line, reason) VALUES (?1, ?2, ?3)",
                .int(id.rawValue), .int(record.line), .text(record.reason))
        }
        let added = last - first
        try run(
            """
            UPDATE broadcasts SET rows = ?2, pending = pending + ?3, position = ?4, rejected = rejected + ?5,
            duplicates = duplicates + ?6, cursor = ?7 WHERE id = ?1
            """, .int(id.rawValue), .int(last), .int(added), .int(position), .int(Int64(rejected.count)),
            .int(duplicates), .optional(cursor))
        return .success(Self.object(["added": .int(added)]))
    }

    func closeAudience(of id: BroadcastID, error: String?, attempt: Int64?) throws(SQLiteFailure) -> Answer {
        guard let error else {
            try run("UPDATE broadcasts SET complete = 1 WHERE id = ?1", .int(id.rawValue))
            return .success(.null)
        }
        try run(
            """
            UPDATE broadcasts SET broken = 1, reason = ?2, state = CASE state WHEN 1 THEN 2 ELSE state END
            WHERE id = ?1 AND state IN (0, 1, 2) AND complete = 0 AND broken = 0 AND asked = coalesce(?3, asked)
            """, .int(id.rawValue), .text(error), attempt.map(Value.int) ?? .null)
        return .success(.null)
    }

    /// An audience that could not be had is wanted once more. What a platform lists is read on from where it broke. A
    /// script is asked for all rows, and a file, which somebody may have mended, is read from its beginning, so that what
    /// is counted of them is counted anew.
    private func askAgain(_ row: LedgerHeader, anew: Bool = false) throws(SQLiteFailure) {
        try run("UPDATE broadcasts SET broken = 0, reason = NULL WHERE id = ?1", .int(row.id.rawValue))
        switch try plan(of: row.id)?.audience {
        case nil: return
        case .clients? where !anew: return
        case .clients?, .script?, .csv?: break
        }
        try run(
            """
            UPDATE broadcasts SET asked = asked + 1, position = 0, cursor = NULL, rejected = 0, duplicates = 0
            WHERE id = ?1
            """, .int(row.id.rawValue))
        try run("DELETE FROM rejected_records WHERE broadcast = ?1", .int(row.id.rawValue))
    }

    func steer(
        _ row: LedgerHeader, _ steering: LedgerOperation.Steering, reason: String?, at now: Instant
    ) throws(SQLiteFailure) -> Answer {
        let next: BroadcastState
        switch (steering, row.state) {
        case (.start, .draft): next = .running
        case (.resume, .draft) where row.isBroken: next = .draft
        case (.start, .running), (.start, .finishing), (.resume, .running), (.resume, .finishing), (.pause, .paused),
            (.cancel, .cancelled), (.delete, .deleted):
            next = row.state
        case (.pause, .running), (.pause, .finishing): next = .paused
        case (.resume, .paused), (.start, .paused): next = .running
        case (.cancel, .draft), (.cancel, .running), (.cancel, .paused), (.cancel, .finishing): next = .cancelled
        case (.delete, .draft), (.delete, .finished), (.delete, .cancelled):
            guard row.counts.claimed == 0 else {
                return Self.refusal(
                    "\(row.counts.claimed) messages of '\(row.name)' are under way; delete it when they have ended")
            }
            next = .deleted
        case (.delete, _):
            return Self.refusal("the broadcast '\(row.name)' is \(row.state.word); cancel it first, then delete it")
        case (.resume, .draft):
            return Self.refusal("the broadcast '\(row.name)' is a draft; start is what sends it")
        default:
            return Self.refusal(
                "the broadcast '\(row.name)' is \(row.state.word), so that \(steering.rawValue) makes no sense")
        }
        // Why it came to stand where it stands is kept when it is told a second time.
        guard next != row.state || row.isBroken else {
            return .success(Self.object(["state": .string(next.word), "was": .string(row.state.word)]))
        }
        let reason = next == .paused || next == .cancelled ? reason : nil
        let ends = next.isOver && !row.state.isOver
        try run(
            """
            UPDATE broadcasts SET state = ?2, reason = ?3, started = CASE WHEN ?2 = 1 THEN coalesce(started, ?4)
            ELSE started END, ended = CASE WHEN ?5 THEN ?4 ELSE ended END WHERE id = ?1
            """, .int(row.id.rawValue), .int(next.rawValue), .optional(reason), .int(now.rawValue),
            .int(ends ? 1 : 0))
        if row.isBroken, steering == .start || steering == .resume { try askAgain(row) }
        if row.state == .paused, next == .running {
            // Whoever resumes has seen the figures: the rules to stop look at what comes from now on.
            try run(
                """
                UPDATE broadcasts SET wrong_before = failed + unknown, sent_before = sent, opt_outs_before = opt_outs
                WHERE id = ?1
                """, .int(row.id.rawValue))
        }
        return .success(Self.object(["state": .string(next.word), "was": .string(row.state.word)]))
    }

    /// A cancelled broadcast's pending rows are skipped; a deleted one's rows go.
    func clear(_ id: BroadcastID, limit: Int, at now: Instant) throws(SQLiteFailure) -> Answer {
        guard let row = try find(.id(id)) else { return .success(.null) }
        switch row.state {
        case .cancelled:
            let changed = try run(
                """
                UPDATE recipients SET state = 3, reason = 'cancelled', ended = ?2 WHERE broadcast = ?1 AND number IN
                (SELECT number FROM recipients WHERE broadcast = ?1 AND state = 0 LIMIT ?3)
                """, .int(id.rawValue), .int(now.rawValue), .int(Int64(limit)))
            var changes = BroadcastCounts()
            (changes.pending, changes.skipped) = (-changed, changed)
            try count(changes, of: id)
            var skips = BroadcastFigures.Skips()
            skips.cancelled = changed
            try count(skips, of: id)
            return .success(Self.object(["left": .int(row.counts.pending - changed)]))
        case .deleted:
            let removed = try run(
                """
                DELETE FROM recipients WHERE broadcast = ?1 AND number IN
                (SELECT number FROM recipients WHERE broadcast = ?1 LIMIT ?2)
                """, .int(id.rawValue), .int(Int64(limit)))
            guard removed == 0, try clearAddresses(of: id, limit: limit) == 0 else {
                return .success(Self.object(["left": 1]))
            }
            try run("DELETE FROM rejected_records WHERE broadcast = ?1", .int(id.rawValue))
            try run("UPDATE broadcasts SET rows = 0, rejected = 0 WHERE id = ?1", .int(id.rawValue))
            return .success(Self.object(["left": 0]))
        default: return .success(Self.object(["left": 0]))
        }
    }

    func finish(_ id: BroadcastID, at now: Instant) throws(SQLiteFailure) -> Answer {
        guard let row = try find(.id(id)), row.state == .running || row.state == .finishing, row.isComplete,
            row.counts.pending == 0
        else { return .success(.null) }
        guard row.counts.claimed == 0 else {
            try run("UPDATE broadcasts SET state = 3 WHERE id = ?1", .int(id.rawValue))
            return .success(.null)
        }
        // The rows themselves, not the figures kept beside them.
        let statement = try statement(
            "SELECT state, count(*) FROM recipients WHERE broadcast = ?1 GROUP BY state", [.int(id.rawValue)])
        var counted = BroadcastCounts()
        while try statement.next() {
            if let state = RecipientState(rawValue: statement.int(0)) { counted[state] = statement.int(1) }
        }
        let rows = try number("SELECT rows FROM broadcasts WHERE id = ?1", .int(id.rawValue)) ?? 0
        guard counted == row.counts, counted.total == rows, counted.ended == rows else {
            let reason = "the ledger does not add up: \(rows) recipients, \(counted) in the rows, \(row.counts) counted"
            try run(
                "UPDATE broadcasts SET state = 2, reason = ?2 WHERE id = ?1", .int(id.rawValue), .text(reason))
            return Self.refusal(reason)
        }
        try run(
            "UPDATE broadcasts SET state = 4, reason = NULL, ended = ?2 WHERE id = ?1", .int(id.rawValue),
            .int(now.rawValue))
        return .success(Self.object(["state": "finished"]))
    }
}
