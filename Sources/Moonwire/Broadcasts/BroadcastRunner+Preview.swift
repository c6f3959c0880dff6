extension BroadcastRunner {
    private static let page = 500
    /// More than anybody looks at, and no burden on memory.
    private static let shownAtMost = 1000

    /// - Parameter limit: How many messages to show, a thousand at most; 0 reads the audience to its end and counts.
    func preview(_ plan: BroadcastPlan, key: String?, limit: Int) async throws -> BroadcastPreview {
        let limit = min(limit, Self.shownAtMost)
        try await desk.prepare(plan)
        if let record = try await ports.ledger.broadcast(.named(plan.name, key: key)), key != nil || !plan.isFile {
            return try await preview(record, plan, limit: limit)
        }
        guard case .csv(let path, let options) = plan.audience else {
            throw BroadcastProblem(
                "the rows of '\(plan.name)' come from the \(plan.audience == .script ? "script" : "platform"); make a draft first: "
                    + "moonwire broadcast new \(plan.name)"
            )
        }
        var look = try look(at: plan, limit: limit, folds: true)
        var file: AudienceFile?
        while limit == 0 || look.preview.messages.count < limit {
            let known = file
            let size = limit == 0 ? Self.page : min(Self.page, limit - look.preview.messages.count)
            let reading = try await FilePages.next(size, channel: plan.channel) { () throws(BroadcastProblem) in
                if let known { known } else { try AudienceFile(path: path, options: options) }
            }
            let page = reading.page
            file = reading.file
            (look.preview.encoding, look.preview.delimiter) = (reading.file.mark.encoding, reading.file.mark.delimiter)
            if page.isEmpty {
                look.preview.isWhole = true
                break
            }
            look.preview.rejectedCount += Int64(page.rejected.count)
            look.preview.rejected += page.rejected.prefix(max(0, 20 - look.preview.rejected.count))
            let rows = try page.entries.map { ($0.address, try AudienceRow(json: $0.row)) }
            try await add(rows, to: &look)
        }
        return look.preview
    }

    private func preview(
        _ record: BroadcastRecord, _ plan: BroadcastPlan, limit: Int
    ) async throws -> BroadcastPreview {
        var look = try look(at: plan, limit: limit, folds: false)
        look.preview.rejectedCount = record.rejected
        look.preview.duplicates = record.duplicates
        (look.preview.encoding, look.preview.delimiter) = (record.mark?.encoding, record.mark?.delimiter)
        look.preview.rejected = try await ports.ledger.rejectedRecords(of: record.id, after: 0, limit: 20)
        var last: Int64 = 0
        while limit == 0 || look.preview.messages.count < limit {
            var page = try await ports.ledger.recipients(
                of: record.id, in: nil, after: last, limit: limit == 0 ? Self.page : min(Self.page, limit))
            guard let end = page.last else {
                look.preview.isWhole = record.isAudienceComplete
                break
            }
            last = end.number
            if limit == 0 {
                let all = page
                page = all.filter { $0.state == .pending && $0.attempt >= record.asked }
                let done = Int64(all.count { $0.state != .pending })
                look.preview.rows += Int64(all.count - page.count)
                look.preview.outlook?.done += done
                look.preview.outlook?.leftOut += Int64(all.count - page.count) - done
            }
            let rows = try page.map { ($0.address, try AudienceRow(json: $0.row)) }
            try await add(rows, to: &look)
        }
        return look.preview
    }

    /// A look at an audience, as far as it has come.
    private struct Look {
        let plan: BroadcastPlan
        /// How many messages to show.
        let shown: Int
        let now: Instant
        /// Only a look at the whole audience counts what would become of it.
        let forecast: (any AudienceForecast)?
        var preview = BroadcastPreview()
    }

    private func look(at plan: BroadcastPlan, limit: Int, folds: Bool) throws -> Look {
        let now = now
        var look = Look(
            plan: plan, shown: limit == 0 ? 5 : limit, now: now,
            forecast: limit == 0 ? try ports.ledger.forecast(of: plan, at: now, folds: folds) : nil)
        if limit == 0 { look.preview.outlook = AudienceOutlook() }
        if limit == 0, folds { look.preview.duplicates = 0 }
        return look
    }

    /// What there is to send to a row, and why it would not be sent.
    private struct Draft {
        enum Obstacle { case unwritable, unreachable, empty }

        var text: String?
        var obstacle: Obstacle?
        var problem: String?
    }

    private func draft(
        _ row: AudienceRow, _ written: Result<BroadcastMessage, BroadcastProblem>, _ plan: BroadcastPlan
    ) -> Draft {
        switch written {
        case .failure(let problem): return Draft(obstacle: .unwritable, problem: problem.description)
        case .success(let message) where message.text.isEmpty:
            return Draft(text: "", obstacle: .empty, problem: "the message is empty")
        case .success(let message):
            guard let channel = ports.channels[plan.channel],
                let problem = BroadcastReach.problem(of: row, on: channel)
            else { return Draft(text: message.text) }
            return Draft(text: message.text, obstacle: .unreachable, problem: problem)
        }
    }

    private func add(_ rows: [(address: String, row: AudienceRow)], to look: inout Look) async throws {
        look.preview.rows += Int64(rows.count)
        let written = try await desk.write(look.plan, to: rows.map(\.row), now: look.now)
        var drafts = zip(rows, written).map { draft($0.row, $1, look.plan) }
        let verdicts = try await look.forecast?.verdicts(
            of: zip(rows, drafts).map { row, draft in
                ForecastRow(
                    address: row.address, addresses: row.row.addresses(on: look.plan.channel),
                    isSendable: draft.obstacle == nil)
            })
        for index in drafts.indices {
            if let verdict = verdicts?[index] { count(verdict, &drafts[index], rows[index].row, &look) }
            if verdicts?[index] != .duplicate {
                switch drafts[index].obstacle {
                case .unwritable: look.preview.unwritable += 1
                case .unreachable: look.preview.unreachable += 1
                case .empty: look.preview.outlook?.empty += 1
                case nil: break
                }
            }
            guard look.preview.messages.count < look.shown else { continue }
            look.preview.messages.append(
                BroadcastPreview.Message(
                    address: rows[index].address, text: drafts[index].text, problem: drafts[index].problem))
        }
    }

    private func count(
        _ verdict: ForecastVerdict, _ draft: inout Draft, _ row: AudienceRow, _ look: inout Look
    ) {
        switch verdict {
        case .unsendable: break
        case .duplicate:
            look.preview.duplicates = (look.preview.duplicates ?? 0) + 1
            draft.problem = "comes a second time, and is folded"
        case .optedOut:
            look.preview.outlook?.optedOut += 1
            draft.problem = "would be skipped: opted out"
        case .capped:
            look.preview.outlook?.capped += 1
            draft.problem = "would be skipped: frequency cap"
        case .sendable:
            look.preview.outlook?.sendable += 1
            let plan = look.plan
            guard let end = plan.quiet?.end(at: look.now, client: row["tz"], fallback: plan.zone) else { return }
            look.preview.outlook?.waiting += 1
            let last = look.preview.outlook?.waitingUntil ?? 0
            look.preview.outlook?.waitingUntil = max(last, end.seconds)
        }
    }

    /// - Returns: the platform's id of what was sent.
    func test(_ plan: BroadcastPlan, to row: AudienceRow) async throws -> String {
        guard let channel = ports.channels[plan.channel] else {
            throw BroadcastProblem("no channel '\(plan.channel)' is configured")
        }
        let row = try AudienceRow(json: AudienceEntry.entry(of: row, plan.channel, country: plan.callingCode).get().row)
        if let problem = BroadcastReach.problem(of: row, on: channel) { throw BroadcastProblem(problem) }
        guard let message = try await desk.write(plan, to: [row], now: now).first?.get() else { return "" }
        let reach = BroadcastReach(
            row, message: message, plan: plan, on: channel, id: BroadcastID(rawValue: 0), number: 0)
        let delivery = EffectDelivery(
            effect: reach.effect, session: reach.session, key: "mw-test-\(now.rawValue)", intendedAt: now)
        let receipt = try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<EffectReceipt, any Error>) in
            let item = EffectQueue.Item(delivery: delivery, isInDoubt: false) { result in
                continuation.resume(with: result.mapError { $0 as any Error })
            }
            if !ports.deliver(item) {
                continuation.resume(throwing: BroadcastProblem("no channel '\(plan.channel)' is configured"))
            }
        }
        return receipt.nativeID ?? receipt.session?.id.id ?? ""
    }
}
