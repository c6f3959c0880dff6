extension BroadcastRunner {
    /// Sends a message whose intent is committed, and writes down how it ended.
    func deliver(_ recipient: Recipient, of record: BroadcastRecord, intent: RawJSON?, isInDoubt: Bool) {
        let id = record.id
        let settle: @Sendable (RecipientState, String?, String?) -> Void = { state, reason, native in
            let settlement = Settlement(
                number: recipient.number, attempt: recipient.attempts, state: state, reason: reason, nativeID: native)
            let entry = LedgerEntry(.settle(id, settlement), at: self.now)
            self.ports.journal.append(
                JournalBatch(entries: [.broadcast(entry)], mayFail: false) { result in
                    if case .failure(let error) = result { self.ports.observer.notify(.journalRefused(error)) }
                    self.endedMessage(of: id)
                })
        }
        beganMessage(of: id)
        guard let row = try? AudienceRow(json: recipient.row), let message = BroadcastMessage(json: intent) else {
            settle(isInDoubt ? .unknown : .failed, "the recipient's row, or the message for it, cannot be read", nil)
            return
        }
        let target = BroadcastReach(
            row, message: message, plan: record.plan, on: ports.channels[record.plan.channel],
            id: id, number: recipient.number)
        let delivery = EffectDelivery(
            effect: target.effect, session: target.session,
            key: "mw-b\(id)-\(recipient.number)-\(recipient.attempts)", intendedAt: recipient.claimedAt ?? now)
        let item = EffectQueue.Item(delivery: delivery, isInDoubt: isInDoubt) { result in
            switch result {
            case .success(let receipt):
                settle(.sent, nil, receipt.nativeID ?? receipt.session?.id.id)
            case .failure(let failure) where failure.code == "unknown": settle(.unknown, failure.message, nil)
            case .failure(let failure): settle(.failed, failure.message, nil)
            }
        }
        if !ports.deliver(item) {
            settle(isInDoubt ? .unknown : .failed, "no channel '\(record.plan.channel)' is configured", nil)
        }
    }
}
