import EventJSON
import GRDBSQLite
import Moonwire

// A recipient's turn: the claim, and what became of it.
extension LedgerWriter {
    private static let optedOut = "opted out"
    private static let capped = "frequency cap"

    func claim(
        _ claims: [Claim], of id: BroadcastID, paces: [NamedPace], at now: Instant
    ) throws(SQLiteFailure) -> Answer {
        guard let row = try find(.id(id)), row.state == .running else { return .success(Self.object(["claimed": []])) }
        // Without its plan nobody knows of a cap.
        guard let plan = try plan(of: id) else { return .success(Self.object(["claimed": []])) }
        let cap = plan.perClient
        var open = try paces.map { pace throws(SQLiteFailure) in try self.pace(pace, at: now) }
        var wait = Duration.zero
        var changes = BroadcastCounts()
        var skips = BroadcastFigures.Skips()
        var claimed: [JSON] = []
        for claim in claims {
            let state: RecipientState
            var reason: String?
            var intent: [UInt8]?
            var addresses: [String] = []
            switch claim.verdict {
            case _ where try isLeftOver(claim.number, of: row):
                (state, reason) = (.skipped, "the audience did not name it when it was read again")
            case .wait(let until):
                try run(
                    "UPDATE recipients SET due = ?3 WHERE broadcast = ?1 AND number = ?2 AND state = 0",
                    .int(id.rawValue), .int(claim.number), .int(until.rawValue))
                continue
            case .skip(let why): (state, reason) = (.skipped, why)
            case .fail(let why): (state, reason) = (.failed, why)
            case .send(let message):
                addresses = try withClients(claim.addresses)
                if try isOptedOut(addresses, row.topic) {
                    (state, reason) = (.skipped, Self.optedOut)
                } else if let cap, try isCapped(addresses, topic: row.topic, cap, except: claim.number, of: id, at: now)
                {
                    (state, reason) = (.skipped, Self.capped)
                } else {
                    wait = open.map(\.pace.wait).max() ?? .zero
                    (state, intent) = (.claimed, message.bytes)
                }
            }
            // Who comes next has to wait; so has everybody behind.
            if wait > .zero { break }
            let changed = try run(
                """
                UPDATE recipients SET state = ?3, reason = ?4, intent = ?5, attempts = attempts + ?6,
                claimed = CASE WHEN ?6 = 1 THEN ?7 ELSE claimed END, ended = CASE WHEN ?6 = 1 THEN NULL ELSE ?7 END,
                native = NULL WHERE broadcast = ?1 AND number = ?2 AND state = 0
                """, .int(id.rawValue), .int(claim.number), .int(state.rawValue), .optional(reason),
                intent.map(Value.blob) ?? .null, .int(state == .claimed ? 1 : 0), .int(now.rawValue))
            guard changed > 0 else { continue }
            changes.pending -= 1
            changes[state] += 1
            if state == .skipped, reason == Self.optedOut { skips.optedOut += 1 }
            if state == .skipped, reason == Self.capped { skips.frequencyCap += 1 }
            guard state == .claimed else { continue }
            for index in open.indices { open[index].pace.take() }
            claimed.append(.int(claim.number))
            for address in addresses {
                try run(
                    """
                    INSERT OR REPLACE INTO topic_messages (topic, address, at, broadcast, number)
                    VALUES (?1, ?2, ?3, ?4, ?5)
                    """, .text(row.topic), .text(address), .int(now.rawValue), .int(id.rawValue), .int(claim.number))
            }
        }
        try count(changes, of: id)
        try count(skips, of: id)
        for pace in open { try keep(pace) }
        return .success(Self.object(["claimed": .array(claimed), "wait": .int(wait.milliseconds)]))
    }

    /// Whether a row comes from an attempt at the audience that failed, and the last one did not bring it.
    private func isLeftOver(_ number: Int64, of row: LedgerHeader) throws(SQLiteFailure) -> Bool {
        guard row.asked > 0 else { return false }
        let seen = try self.number(
            "SELECT seen FROM recipients WHERE broadcast = ?1 AND number = ?2", .int(row.id.rawValue), .int(number))
        return (seen ?? row.asked) < row.asked
    }

    func settle(_ settlement: Settlement, of id: BroadcastID, at now: Instant) throws(SQLiteFailure) -> Answer {
        let changed = try run(
            """
            UPDATE recipients SET state = ?3, reason = ?4, native = ?5, ended = ?6
            WHERE broadcast = ?1 AND number = ?2 AND state = 1 AND attempts = ?7
            """, .int(id.rawValue), .int(settlement.number), .int(settlement.state.rawValue),
            .optional(settlement.reason), .optional(settlement.nativeID), .int(now.rawValue),
            .int(Int64(settlement.attempt)))
        guard changed > 0 else { return .success(.null) }
        var changes = BroadcastCounts()
        changes.claimed = -1
        changes[settlement.state] += 1
        try count(changes, of: id)
        if settlement.state == .failed {
            // Nothing reached the client, so that nothing counts against a cap.
            try forgetMessage(to: settlement.number, of: id)
        }
        return .success(.null)
    }

    func forgetMessage(to number: Int64, of id: BroadcastID) throws(SQLiteFailure) {
        try run(
            """
            DELETE FROM topic_messages WHERE broadcast = ?1 AND number = ?2
            AND at = (SELECT claimed FROM recipients WHERE broadcast = ?1 AND number = ?2)
            """, .int(id.rawValue), .int(number))
    }

    func plan(of id: BroadcastID) throws(SQLiteFailure) -> BroadcastPlan? {
        let statement = try statement("SELECT plan FROM broadcasts WHERE id = ?1", [.int(id.rawValue)])
        guard try statement.next() else { return nil }
        defer { statement.reset() }
        return statement.bytes(0).flatMap { PlanCoding.decode($0) }
    }

    /// - Parameter own: The recipient whose turn it is: an earlier turn of its own stands against nobody.
    private func isCapped(
        _ addresses: [String], topic: String, _ cap: SendRate, except own: Int64, of id: BroadcastID, at now: Instant
    ) throws(SQLiteFailure) -> Bool {
        for address in addresses {
            let count = try self.number(
                """
                SELECT count(*) FROM topic_messages WHERE topic = ?1 AND address = ?2 AND at > ?3
                AND NOT (broadcast = ?4 AND number = ?5)
                """, .text(topic), .text(address), .int(now.rawValue - cap.period), .int(id.rawValue), .int(own))
            if count ?? 0 >= cap.count { return true }
        }
        return false
    }

    /// A pace with the place where it is kept: among the allowances, which prune forgets once they are full again.
    private func pace(_ named: NamedPace, at now: Instant) throws(SQLiteFailure) -> (name: String, pace: SendPace) {
        var pace = SendPace(named.rate, at: now)
        let statement = try statement(
            "SELECT count, period, level, at FROM limits WHERE scope = 'broadcast' AND key = ?1", [.text(named.name)])
        if try statement.next() {
            let rate = SendRate(count: statement.int(0), period: .milliseconds(statement.int(1)))
            pace = SendPace(
                named.rate, from: SendPace(rate, level: statement.int(2), at: Instant(rawValue: statement.int(3))))
            statement.reset()
        }
        pace.advance(to: now)
        return (named.name, pace)
    }

    private func keep(_ pace: (name: String, pace: SendPace)) throws(SQLiteFailure) {
        let (name, pace) = pace
        try run(
            """
            INSERT OR REPLACE INTO limits (scope, key, count, period, level, at, full)
            VALUES ('broadcast', ?1, ?2, ?3, ?4, ?5, ?6)
            """, .text(name), .int(pace.rate.count), .int(pace.rate.period), .int(pace.level), .int(pace.at.rawValue),
            .int(pace.fullAt.rawValue))
    }
}
