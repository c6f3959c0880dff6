import EventJSON

extension BroadcastRunner {
    /// The cursor behind the last page.
    private static let end = ""

    /// Reads one page after the other of the channel's clients into the ledger, which keeps the cursor: neither a run
    /// nor memory holds the list, however long it is, and a restart goes on behind the last page.
    func list(_ query: ChannelEffect.ClientQuery, for record: BroadcastRecord) async throws -> Next {
        guard record.cursor != Self.end else {
            try await change(.closeAudience(record.id, error: nil))
            return .again
        }
        switch pages[record.id] {
        case .asked?: return .bell
        case .came(.success(let receipt))?: try await take(receipt.value, for: record)
        case .came(.failure(let failure))?:
            let reason = "the clients of channel '\(record.plan.channel)' cannot be listed: \(failure.message)"
            try await change(.closeAudience(record.id, error: reason))
        case nil:
            ask(query, for: record)
            return .bell
        }
        // Only now: a page that the journal refuses is taken again.
        pages.forget(record.id)
        return .again
    }

    private func ask(_ query: ChannelEffect.ClientQuery, for record: BroadcastRecord) {
        let id = record.id
        pages.ask(id)
        let delivery = EffectDelivery(
            effect: .clients(query, cursor: record.cursor),
            session: SessionID(channel: record.plan.channel, id: "broadcast:\(id)"),
            key: "mw-b\(id)-clients-\(record.position)", intendedAt: now)
        let isTaken = ports.deliver(
            EffectQueue.Item(delivery: delivery, isInDoubt: false) { result in
                self.pages.take(result, for: id)
                self.bell.ring()
            })
        guard !isTaken else { return }
        pages.take(.failure(EffectFailure(code: "invalid", message: "it is not configured")), for: id)
        bell.ring()
    }

    private func take(_ value: RawJSON?, for record: BroadcastRecord) async throws {
        let page = value.flatMap { try? JSON(parsing: $0.bytes) }
        guard let page, let items = page["items"]?.elements else {
            let reason = "the clients of channel '\(record.plan.channel)' came as no list"
            try await change(.closeAudience(record.id, error: reason))
            return
        }
        var entries: [AudienceEntry] = []
        var rejected: [RejectedRecord] = []
        for (index, item) in items.enumerated() {
            switch AudienceEntry.entry(of: Self.row(of: item), record.plan.channel) {
            case .success(let entry): entries.append(entry)
            case .failure(let problem):
                rejected.append(
                    RejectedRecord(line: record.position + Int64(index) + 1, reason: problem.description))
            }
        }
        try await change(
            .add(
                record.id, entries, rejected: rejected, position: record.position + Int64(items.count),
                cursor: page["next"]?.string ?? Self.end))
    }

    private static func row(of client: JSON) -> AudienceRow {
        var fields = JSONObject()
        for name in ["id", "name", "phone", "email", "identifier", "language", "tz", "attrs"] {
            fields[name] = client[name]
        }
        return AudienceRow(client: fields)
    }
}
