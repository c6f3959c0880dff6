import EventJSON
import Moonwire

// What people decide about recipients whose message failed, or may have.
extension LedgerWriter {
    func retry(_ row: LedgerHeader, at now: Instant) throws(SQLiteFailure) -> Answer {
        guard row.state != .cancelled, row.state != .deleted else {
            return Self.refusal("the broadcast '\(row.name)' is \(row.state.word)")
        }
        let changed = try run(
            "UPDATE recipients SET state = 0, due = 0, reason = NULL, ended = NULL WHERE broadcast = ?1 AND state = 4",
            .int(row.id.rawValue))
        var changes = BroadcastCounts()
        (changes.failed, changes.pending) = (-changed, changed)
        try count(changes, of: row.id)
        try forgetFailures(of: row.id)
        if changed > 0 { try reopen(row) }
        return .success(Self.object(["changed": .int(changed)]))
    }

    func resolve(
        _ row: LedgerHeader, address: String?, as resolution: LedgerOperation.Resolution, at now: Instant
    ) throws(SQLiteFailure) -> Answer {
        guard row.state != .deleted, resolution != .retry || row.state != .cancelled else {
            return Self.refusal("the broadcast '\(row.name)' is \(row.state.word)")
        }
        let state: RecipientState =
            switch resolution {
            case .sent: .sent
            case .failed: .failed
            case .retry: .pending
            }
        if resolution != .sent {
            // What did not arrive counts against no cap; a second turn would fall to its own first one.
            for number in try unknownNumbers(of: row.id, address: address) { try forgetMessage(to: number, of: row.id) }
        }
        let update = """
            UPDATE recipients SET state = ?2, due = 0, reason = CASE WHEN ?2 = 0 THEN NULL ELSE 'decided by hand' END
            WHERE broadcast = ?1 AND state = 5
            """
        // Two statements, so that each finds its rows by an index.
        let changed =
            if let address {
                try run(update + " AND address = ?3", .int(row.id.rawValue), .int(state.rawValue), .text(address))
            } else {
                try run(update, .int(row.id.rawValue), .int(state.rawValue))
            }
        if changed == 0, let address {
            return .failure(
                EffectFailure(
                    code: "not_found", message: "'\(row.name)' has no recipient \(address) whose fate is unknown"))
        }
        var changes = BroadcastCounts()
        changes.unknown = -changed
        changes[state] += changed
        try count(changes, of: row.id)
        if resolution == .sent {
            try run(
                """
                UPDATE broadcasts SET sent_before = sent_before + max(0, wrong_before - failed - unknown) WHERE id = ?1
                """, .int(row.id.rawValue))
        }
        try forgetFailures(of: row.id)
        if resolution == .retry, changed > 0 { try reopen(row) }
        return .success(Self.object(["changed": .int(changed)]))
    }

    private func unknownNumbers(of id: BroadcastID, address: String?) throws(SQLiteFailure) -> [Int64] {
        let select = "SELECT number FROM recipients WHERE broadcast = ?1 AND state = 5"
        let found: PreparedStatement
        if let address {
            found = try statement(select + " AND address = ?2", [.int(id.rawValue), .text(address)])
        } else {
            found = try statement(select, [.int(id.rawValue)])
        }
        var numbers: [Int64] = []
        while try found.next() { numbers.append(found.int(0)) }
        return numbers
    }

    /// What failed before a resumption may have another turn: the rule that stops a broadcast does not wait until as many
    /// have failed once more.
    private func forgetFailures(of id: BroadcastID) throws(SQLiteFailure) {
        try run(
            "UPDATE broadcasts SET wrong_before = min(wrong_before, failed + unknown) WHERE id = ?1", .int(id.rawValue))
    }

    private func reopen(_ row: LedgerHeader) throws(SQLiteFailure) {
        guard row.state == .finished || row.state == .finishing else { return }
        try run("UPDATE broadcasts SET state = 1, ended = NULL WHERE id = ?1", .int(row.id.rawValue))
    }
}
