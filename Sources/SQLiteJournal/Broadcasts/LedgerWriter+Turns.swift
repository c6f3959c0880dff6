import EventJSON
import GRDBSQLite
import Moonwire

// A recipient's turn: the claim, and what became of it.
extension LedgerWriter {
    func claim(
        _ claims: [Claim], of id: BroadcastID, paces: [NamedPace], at now: Instant
    ) throws(SQLiteFailure) -> Answer {
        guard let row = try find(.id(id)), row.state == .running else { return .success(Self.object(["claimed": []])) }
        let cap = try plan(of: id)?.perClient
        var open = try paces.map { pace throws(SQLiteFailure) in try self.pace(pace, at: now) }
        var wait = Duration.zero
        var changes = BroadcastCounts()
        var claimed: [JSON] = []
        for claim in claims {
            let state: RecipientState
            var reason: String?
            var intent: [UInt8]?
            switch claim.verdict {
            case .wait(let until):
                try run(
                    "UPDATE recipients SET due = ?3 WHERE broadcast = ?1 AND number = ?2 AND state = 0",
                    .int(id.rawValue), .int(claim.number), .int(until.rawValue))
                continue
            case .skip(let why): (state, reason) = (.skipped, why)
            case .fail(let why): (state, reason) = (.failed, why)
            case .send(let message):
                if try isOptedOut(claim.addresses, row.topic) {
                    (state, reason) = (.skipped, "opted out")
                } else if let cap, try isCapped(claim.addresses, topic: row.topic, cap, at: now) {
                    (state, reason) = (.skipped, "frequency cap")
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
            guard state == .claimed else { continue }
            for index in open.indices { open[index].pace.take() }
            claimed.append(.int(claim.number))
            for address in claim.addresses {
                try run(
                    """
                    INSERT OR REPLACE INTO topic_messages (topic, address, at, broadcast, number)
                    VALUES (?1, ?2, ?3, ?4, ?5)
                    """, .text(row.topic), .text(address), .int(now.rawValue), .int(id.rawValue), .int(claim.number))
            }
        }
        try count(changes, of: id)
        for pace in open { try keep(pace) }
        return .success(Self.object(["claimed": .array(claimed), "wait": .int(wait.milliseconds)]))
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

    private func forgetMessage(to number: Int64, of id: BroadcastID) throws(SQLiteFailure) {
        let statement = try statement(
            """
            SELECT broadcasts.topic, recipients.row, recipients.claimed, broadcasts.plan FROM recipients
            JOIN broadcasts ON broadcasts.id = recipients.broadcast
            WHERE recipients.broadcast = ?1 AND recipients.number = ?2
            """, [.int(id.rawValue), .int(number)])
        guard try statement.next() else { return }
        let topic = statement.text(0)
        let row = statement.bytes(1) ?? []
        let at = statement.int(2)
        statement.reset()
        guard let plan = try plan(of: id), let fields = try? AudienceRow(json: RawJSON(validated: row)) else { return }
        for address in fields.addresses(on: plan.channel) {
            try run(
                """
                DELETE FROM topic_messages WHERE topic = ?1 AND address = ?2 AND at = ?3 AND broadcast = ?4
                AND number = ?5
                """, .text(topic), .text(address), .int(at), .int(id.rawValue), .int(number))
        }
    }

    private func plan(of id: BroadcastID) throws(SQLiteFailure) -> BroadcastPlan? {
        let statement = try statement("SELECT plan FROM broadcasts WHERE id = ?1", [.int(id.rawValue)])
        guard try statement.next() else { return nil }
        defer { statement.reset() }
        return statement.bytes(0).flatMap { try? PlanCoding.decode($0) }
    }

    private func isCapped(
        _ addresses: [String], topic: String, _ cap: SendRate, at now: Instant
    ) throws(SQLiteFailure) -> Bool {
        for address in addresses {
            let count = try number(
                "SELECT count(*) FROM topic_messages WHERE topic = ?1 AND address = ?2 AND at > ?3", .text(topic),
                .text(address), .int(now.rawValue - cap.period))
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

// Who does not want to be written to.
extension LedgerWriter {
    static let everyTopic = "*"

    func isOptedOut(_ addresses: [String], _ topic: String) throws(SQLiteFailure) -> Bool {
        for address in addresses {
            let found = try number(
                "SELECT 1 FROM opt_outs WHERE address = ?1 AND topic IN (?2, '*')", .text(address), .text(topic))
            if found != nil { return true }
        }
        return false
    }

    func optOut(_ addresses: [String], _ topic: String, at now: Instant) throws(SQLiteFailure) -> Answer {
        guard !addresses.isEmpty else { return Self.refusal("nothing is known by which the client could opt out") }
        var isNew = false
        for address in addresses {
            let added = try run(
                "INSERT INTO opt_outs (address, topic, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                .text(address), .text(topic), .int(now.rawValue))
            isNew = isNew || added > 0
        }
        if isNew { try blame(addresses, topic) }
        return .success(Self.bool(isNew))
    }

    func optIn(_ addresses: [String], _ topic: String) throws(SQLiteFailure) -> Answer {
        var removed: Int64 = 0
        for address in addresses {
            removed +=
                topic == Self.everyTopic
                ? try run("DELETE FROM opt_outs WHERE address = ?1", .text(address))
                : try run("DELETE FROM opt_outs WHERE address = ?1 AND topic = ?2", .text(address), .text(topic))
        }
        return .success(Self.bool(removed > 0))
    }

    /// Counts an opt-out against the broadcast that wrote last.
    private func blame(_ addresses: [String], _ topic: String) throws(SQLiteFailure) {
        var newest: (at: Int64, broadcast: Int64)?
        for address in addresses {
            let statement = try statement(
                """
                SELECT at, broadcast FROM topic_messages WHERE topic IN (SELECT DISTINCT topic FROM broadcasts)
                AND (?2 = '*' OR topic = ?2) AND address = ?1 ORDER BY at DESC LIMIT 1
                """, [.text(address), .text(topic)])
            guard try statement.next() else { continue }
            let found = (statement.int(0), statement.int(1))
            statement.reset()
            if newest.map({ $0.at < found.0 }) ?? true { newest = found }
        }
        guard let newest else { return }
        try run("UPDATE broadcasts SET opt_outs = opt_outs + 1 WHERE id = ?1", .int(newest.broadcast))
    }
}
