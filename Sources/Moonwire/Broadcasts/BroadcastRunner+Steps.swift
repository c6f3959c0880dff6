import EventJSON

extension BroadcastRunner {
    /// How many rows of a broadcast that is cancelled or deleted one transaction clears.
    private static let clearing = 5000

    /// Does the next thing that a broadcast needs.
    func step(_ record: BroadcastRecord, _ conductor: inout Conductor) async throws -> Next {
        if !conductor.hasRecovered {
            if record.counts.claimed > 0 { try await recover(record, &conductor) }
            conductor.hasRecovered = true
        }
        switch record.state {
        case .draft, .running:
            guard record.isAudienceComplete else {
                return record.isAudienceBroken ? .bell : try await load(record, &conductor)
            }
            files.forget(record.id)
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
        case .paused:
            let isAskedFor = record.plan.audience == .script && !record.isAudienceComplete && !record.isAudienceBroken
            return isAskedFor ? try await closeIfEnded(record) : .bell
        case .finished: return .bell
        }
    }

    /// What an earlier process claimed may have reached the platform, or not.
    private func recover(_ record: BroadcastRecord, _ conductor: inout Conductor) async throws {
        while true {
            let page = try await ports.ledger.recipients(
                of: record.id, in: .claimed, after: conductor.recovered, limit: 500)
            for recipient in page { deliver(recipient, of: record, intent: recipient.intent, isInDoubt: true) }
            guard let end = page.last else { return }
            // A read that fails must not begin again: who is looked for twice may be sent to twice.
            conductor.recovered = end.number
        }
    }

    private func load(_ record: BroadcastRecord, _ conductor: inout Conductor) async throws -> Next {
        switch record.plan.audience {
        case .script:
            if conductor.asked != record.asked {
                try await ports.admit([AudienceRequest.event(of: record, at: now)], [])
                conductor.asked = record.asked
            }
            return try await closeIfEnded(record)
        case .clients(let labels, let text):
            return try await list(ChannelEffect.ClientQuery(labels: labels, text: text), for: record)
        case .csv(let path, let options):
            return try await read(path, options, for: record)
        }
    }

    /// Draws the conclusion when a script was asked for an audience, and all that came of it has ended without one.
    private func closeIfEnded(_ record: BroadcastRecord) async throws -> Next {
        guard let end = try await ports.ledger.audienceEnd(ofEvent: AudienceRequest.key(of: record)) else {
            return .bell
        }
        // Changes nothing when the rows were complete by then.
        try await change(.closeAudience(record.id, error: end.reason(of: record), attempt: record.asked))
        return .again
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
            guard let channel = ports.channels[record.plan.channel] else {
                return try await pause(
                    record, "no channel '\(record.plan.channel)' is configured; add it, or cancel the broadcast")
            }
            if let problem = BroadcastReach.problemOfAll(on: channel) { return try await pause(record, problem) }
            return try await take(record, on: channel, limit: limit)
        }
        return .again
    }

    /// What stands against everybody is nobody's failure: the audience waits until somebody has seen to it.
    private func pause(_ record: BroadcastRecord, _ reason: String) async throws -> Next {
        try await change(.steer(.id(record.id), .pause, reason: reason))
        return .again
    }

    /// Takes as many recipients on as there is room for.
    private func take(
        _ record: BroadcastRecord, on channel: ChannelDescriptor, limit: Int64?
    ) async throws -> Next {
        let paces = paces(of: record.plan)
        let room = min(room(of: record), Int(clamping: limit ?? .max), Self.batch(paces))
        guard room > 0 else { return .bell }
        do {
            try await desk.prepare(record.plan)
        } catch let error as JournalError {
            throw error
        } catch {
            return try await pause(record, "\(error)")
        }
        let now = now
        let due = try await ports.ledger.dueRecipients(of: record.id, at: now, limit: room)
        guard !due.isEmpty else {
            return try await ports.ledger.nextDue(of: record.id).map { .at($0) } ?? .bell
        }
        let claims = try await claims(due, of: record, on: channel, now: now)
        // The instant of the intent is part of a message's name: a repeat after a restart must know the same one.
        let answer = try await change(.claim(record.id, claims, paces: paces), at: now)
        let claimed = Set((answer["claimed"]?.elements ?? []).compactMap(\.int))
        if !claimed.isEmpty { tookTurn(record.id) }
        for (recipient, claim) in zip(due, claims) where claimed.contains(Int(recipient.number)) {
            guard case .send(let intent) = claim.verdict else { continue }
            deliver(recipient.claimedOnceMore(at: now), of: record, intent: intent, isInDoubt: false)
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

    private func claims(
        _ due: [Recipient], of record: BroadcastRecord, on channel: ChannelDescriptor, now: Instant
    ) async throws -> [Claim] {
        let plan = record.plan
        let rows = try due.map { try AudienceRow(json: $0.row) }
        let awake = rows.indices.filter { index in
            plan.quiet?.end(at: now, client: rows[index]["tz"], fallback: plan.zone) == nil
        }
        let written = try await desk.write(plan, to: awake.map { rows[$0] }, now: now)
        let messages = Dictionary(zip(awake, written)) { first, _ in first }
        return rows.indices.map { index in
            let verdict: Claim.Verdict =
                switch messages[index] {
                case .success(let message)?: self.verdict(message, rows[index], on: channel)
                case .failure(let problem)?: .fail("message: \(problem)")
                case nil:
                    .wait(until: plan.quiet?.end(at: now, client: rows[index]["tz"], fallback: plan.zone) ?? now)
                }
            return Claim(
                number: due[index].number, addresses: rows[index].addresses(on: plan.channel), verdict: verdict)
        }
    }

    private func verdict(
        _ message: BroadcastMessage, _ row: AudienceRow, on channel: ChannelDescriptor
    ) -> Claim.Verdict {
        guard !message.text.isEmpty else { return .skip("the message is empty") }
        if let problem = BroadcastReach.problem(of: row, on: channel) { return .fail(problem) }
        return .send(message.json)
    }
}

extension Recipient {
    /// As the ledger holds it after a claim.
    fileprivate func claimedOnceMore(at now: Instant) -> Recipient {
        Recipient(
            number: number, address: address, row: row, state: .claimed, reason: nil, attempts: attempts + 1,
            intent: intent, claimedAt: now, endedAt: nil, nativeID: nil, attempt: attempt)
    }
}
