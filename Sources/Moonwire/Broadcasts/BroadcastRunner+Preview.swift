/// What a broadcast would do.
public struct BroadcastPreview: Sendable, Hashable, Codable {
    public struct Message: Sendable, Hashable, Codable {
        public let address: String
        public let text: String?
        /// Why there would be no message.
        public let problem: String?
    }

    public var messages: [Message] = []
    /// Of the whole audience, where it has been read as a whole.
    public var rows: Int64 = 0
    public var rejected: [RejectedRecord] = []
    public var rejectedCount: Int64 = 0
    /// Rows that name somebody a second time; known once the rows are in the ledger, `nil` before.
    public var duplicates: Int64?
    /// Whose message cannot be written.
    public var unwritable: Int64 = 0
    public var unreachable: Int64 = 0
    public var isWhole = false
}

extension BroadcastRunner {
    private static let page = 500

    /// - Parameter limit: How many messages to show; 0 reads the audience to its end and counts.
    func preview(_ plan: BroadcastPlan, key: String?, limit: Int) async throws -> BroadcastPreview {
        try await desk.prepare(plan)
        var preview = BroadcastPreview()
        if let record = try await ports.ledger.broadcast(.named(plan.name, key: key)), key != nil || !plan.isFile {
            try await addRows(of: record, limit: limit, &preview)
            return preview
        }
        guard case .csv(let path, let options) = plan.audience else {
            throw BroadcastProblem(
                "the rows of '\(plan.name)' come from the \(plan.audience == .script ? "script" : "platform"); make a draft first: "
                    + "moonwire broadcast new \(plan.name)"
            )
        }
        var file = try AudienceFile(path: path, options: options)
        while limit == 0 || preview.messages.count < limit {
            let page = try file.next(limit == 0 ? Self.page : limit, channel: plan.channel)
            if page.isEmpty {
                preview.isWhole = true
                break
            }
            preview.rejectedCount += Int64(page.rejected.count)
            preview.rejected += page.rejected.prefix(max(0, 20 - preview.rejected.count))
            let rows = try page.entries.map { ($0.address, try AudienceRow(json: $0.row)) }
            await add(rows, plan, limit: limit, &preview)
        }
        return preview
    }

    private func addRows(of record: BroadcastRecord, limit: Int, _ preview: inout BroadcastPreview) async throws {
        var last: Int64 = 0
        preview.rejectedCount = record.rejected
        preview.duplicates = record.duplicates
        preview.rejected = try await ports.ledger.rejectedRecords(of: record.id, after: 0, limit: 20)
        while limit == 0 || preview.messages.count < limit {
            let page = try await ports.ledger.recipients(
                of: record.id, in: nil, after: last, limit: limit == 0 ? Self.page : limit)
            guard let end = page.last else {
                preview.isWhole = record.isAudienceComplete
                break
            }
            last = end.number
            let rows = try page.map { ($0.address, try AudienceRow(json: $0.row)) }
            await add(rows, record.plan, limit: limit, &preview)
        }
    }

    private func add(
        _ rows: [(address: String, row: AudienceRow)], _ plan: BroadcastPlan, limit: Int,
        _ preview: inout BroadcastPreview
    ) async {
        preview.rows += Int64(rows.count)
        let written = await desk.write(plan, to: rows.map(\.row), now: now)
        let shown = limit == 0 ? 5 : limit
        for ((address, row), result) in zip(rows, written) {
            var message: BroadcastPreview.Message
            switch result {
            case .failure(let problem):
                preview.unwritable += 1
                message = BroadcastPreview.Message(address: address, text: nil, problem: problem.description)
            case .success(let text):
                message = BroadcastPreview.Message(address: address, text: text.text, problem: nil)
                if let channel = ports.channels[plan.channel],
                    let problem = BroadcastReach.problem(of: row, on: channel)
                {
                    preview.unreachable += 1
                    message = BroadcastPreview.Message(address: address, text: text.text, problem: problem)
                }
            }
            if preview.messages.count < shown { preview.messages.append(message) }
        }
    }

    /// - Returns: the platform's id of what was sent.
    func test(_ plan: BroadcastPlan, to row: AudienceRow) async throws -> String {
        try await desk.prepare(plan)
        guard let message = try await desk.write(plan, to: [row], now: now).first?.get() else { return "" }
        guard let channel = ports.channels[plan.channel] else {
            throw BroadcastProblem("no channel '\(plan.channel)' is configured")
        }
        if let problem = BroadcastReach.problem(of: row, on: channel) { throw BroadcastProblem(problem) }
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

extension BroadcastPlan {
    var isFile: Bool {
        if case .csv = audience { true } else { false }
    }
}
