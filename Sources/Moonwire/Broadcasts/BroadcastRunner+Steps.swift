import EventJSON

extension BroadcastRunner {
    /// How many rows of a broadcast that is cancelled or deleted one transaction clears.
    private static let clearing = 5000
    /// How many records of the audience one transaction adds.
    private static let page = 1000

    /// Does the next thing that a broadcast needs.
    func step(_ record: BroadcastRecord, _ conductor: inout Conductor) async throws -> Next {
        if !conductor.hasRecovered {
            if record.counts.claimed > 0 { try await recover(record) }
            conductor.hasRecovered = true
        }
        switch record.state {
        case .draft, .running:
            guard record.isAudienceComplete else { return try await load(record, &conductor) }
            conductor.file = nil
            return record.state == .draft ? .bell : try await send(record)
        case .finishing:
            if record.counts.claimed == 0 { try await change(.finish(record.id)) }
            return record.counts.claimed == 0 ? .again : .bell
        case .cancelled:
            guard record.counts.pending > 0 else { return .bell }
            try await change(.clear(record.id, limit: Self.clearing))
            return .again
        case .deleted:
            try await change(.clear(record.id, limit: Self.clearing))
            return .again
        case .paused, .finished: return .bell
        }
    }

    /// What an earlier process claimed may have reached the platform, or not.
    private func recover(_ record: BroadcastRecord) async throws {
        var last: Int64 = 0
        while true {
            let page = try await ports.ledger.recipients(of: record.id, in: .claimed, after: last, limit: 500)
            for recipient in page { deliver(recipient, of: record, intent: recipient.intent, isInDoubt: true) }
            guard let end = page.last else { return }
            last = end.number
        }
    }

    private func load(_ record: BroadcastRecord, _ conductor: inout Conductor) async throws -> Next {
        switch record.plan.audience {
        case .script:
            guard !conductor.hasAskedForRows else { return .bell }
            // The journal admits the same key once, however often a host begins with it.
            try await ports.admit(.audienceWanted(record, at: now))
            conductor.hasAskedForRows = true
            return .bell
        case .clients(let labels, let text):
            return try await list(ChannelEffect.ClientQuery(labels: labels, text: text), for: record)
        case .csv(let path, let options):
            do {
                var file = try conductor.file ?? AudienceFile(path: path, options: options, skipping: record.position)
                let page = try file.next(Self.page, channel: record.plan.channel)
                // A page that the journal refuses is read again from the position that the journal has.
                conductor.file = nil
                guard page.isEmpty else {
                    try await change(
                        .add(record.id, page.entries, rejected: page.rejected, position: page.position))
                    conductor.file = file
                    return .again
                }
                try await change(.closeAudience(record.id, error: nil))
            } catch let problem as BroadcastProblem {
                conductor.file = nil
                try await change(.closeAudience(record.id, error: problem.description))
            }
            return .again
        }
    }

    private func send(_ record: BroadcastRecord) async throws -> Next {
        switch BroadcastGate.decide(record, at: now) {
        case .stop(let reason): try await change(.steer(.id(record.id), .pause, reason: reason))
        case .hold: try await change(.hold(record.id))
        case .nextStep: try await change(.nextStep(record.id))
        case .holding(let until): return .at(until)
        case .settling: return .bell
        case .open(let limit):
            guard record.counts.pending > 0 else {
                try await change(.finish(record.id))
                return record.counts.claimed > 0 ? .bell : .again
            }
            return try await take(record, limit: limit)
        }
        return .again
    }

    /// Takes as many recipients on as there is room for.
    private func take(_ record: BroadcastRecord, limit: Int64?) async throws -> Next {
        let paces = paces(of: record.plan)
        let room = min(room(of: record), Int(clamping: limit ?? .max), Self.batch(paces))
        guard room > 0 else { return .bell }
        do {
            try await desk.prepare(record.plan)
        } catch let error as JournalError {
            throw error
        } catch {
            try await change(.steer(.id(record.id), .pause, reason: "\(error)"))
            return .again
        }
        let now = now
        let due = try await ports.ledger.dueRecipients(of: record.id, at: now, limit: room)
        guard !due.isEmpty else {
            return try await ports.ledger.nextDue(of: record.id).map { .at($0) } ?? .bell
        }
        let claims = try await claims(due, of: record, now: now)
        let answer = try await change(.claim(record.id, claims, paces: paces))
        let claimed = Set((answer["claimed"]?.elements ?? []).compactMap(\.int))
        for (recipient, claim) in zip(due, claims) where claimed.contains(Int(recipient.number)) {
            guard case .send(let intent) = claim.verdict else { continue }
            deliver(recipient.claimedOnceMore, of: record, intent: intent, isInDoubt: false)
        }
        let wait = Duration.milliseconds(Int64(answer["wait"]?.int ?? 0))
        return wait > .zero ? .at(now + max(wait, Self.tick)) : .again
    }

    /// Between two looks at a pace, so that a slow one costs little and a fast one goes in small groups.
    private static let tick = Duration.milliseconds(50)

    private static func batch(_ paces: [NamedPace]) -> Int {
        let perTick = paces.map { Double($0.rate.count) / Double($0.rate.period) * Double(tick.milliseconds) }.min()
        return perTick.map { min(max(Int($0.rounded(.up)) + 1, 1), 64) } ?? 64
    }

    private func paces(of plan: BroadcastPlan) -> [NamedPace] {
        var paces: [NamedPace] = []
        if let rate = ports.settings.throttle { paces.append(NamedPace("all", rate)) }
        if let rate = ports.settings.channels[plan.channel] { paces.append(NamedPace("channel:\(plan.channel)", rate)) }
        if let rate = plan.throttle { paces.append(NamedPace("name:" + plan.name, rate)) }
        return paces
    }

    private func claims(_ due: [Recipient], of record: BroadcastRecord, now: Instant) async throws -> [Claim] {
        let plan = record.plan
        let rows = try due.map { try AudienceRow(json: $0.row) }
        let awake = rows.indices.filter { index in
            plan.quiet?.end(at: now, client: rows[index]["tz"], fallback: plan.zone) == nil
        }
        let written = await desk.write(plan, to: awake.map { rows[$0] }, now: now)
        let messages = Dictionary(zip(awake, written)) { first, _ in first }
        return rows.indices.map { index in
            let verdict: Claim.Verdict =
                switch messages[index] {
                case .success(let message)?: self.verdict(message, rows[index], plan)
                case .failure(let problem)?: .fail("message: \(problem)")
                case nil:
                    .wait(until: plan.quiet?.end(at: now, client: rows[index]["tz"], fallback: plan.zone) ?? now)
                }
            return Claim(
                number: due[index].number, addresses: rows[index].addresses(on: plan.channel), verdict: verdict)
        }
    }

    private func verdict(_ message: BroadcastMessage, _ row: AudienceRow, _ plan: BroadcastPlan) -> Claim.Verdict {
        guard let channel = ports.channels[plan.channel] else {
            return .fail("no channel '\(plan.channel)' is configured")
        }
        guard !message.text.isEmpty else { return .skip("the message is empty") }
        if let problem = BroadcastReach.problem(of: row, on: channel) { return .fail(problem) }
        return .send(message.json)
    }
}

extension Recipient {
    /// As the ledger holds it after a claim.
    fileprivate var claimedOnceMore: Recipient {
        Recipient(
            number: number, address: address, row: row, state: .claimed, reason: nil, attempts: attempts + 1,
            intent: intent, claimedAt: claimedAt, endedAt: nil, nativeID: nil)
    }
}

extension Event {
    /// Asks a script for the rows of an audience.
    fileprivate static func audienceWanted(_ record: BroadcastRecord, at now: Instant) -> Event {
        let name = "broadcast:" + record.plan.name
        let raw: JSON = [
            "id": .int(record.id.rawValue), "broadcast": .string(record.plan.name), "key": .string(record.key),
        ]
        return Event(
            name: name, native: name, key: "\(name):\(record.id):audience", id: record.key, at: now, channel: .host,
            platform: .host, role: .operator,
            session: Session(id: SessionID(channel: .host, id: name), status: "open", owner: .bot),
            raw: RawJSON(validated: raw.bytes))
    }
}
