extension BroadcastRunner {
    private static let untold = 100

    /// Admits an event for each change of state that the ledger has kept, and lets the ledger forget it in the same
    /// step: whenever a process ends, none is told twice and none is left out. `false` when the rest is to be told later.
    func tellChanges() async -> Bool {
        guard takeNews() else { return true }
        do {
            while try await tellSome() { try Task.checkCancellation() }
            return true
        } catch {
            keepNews()
            if let error = error as? JournalError { ports.observer.notify(.journalUnreadable(error)) }
            return false
        }
    }

    /// `false` when there is nothing more.
    private func tellSome() async throws -> Bool {
        let changes = try await ports.ledger.untoldChanges(limit: Self.untold)
        guard let last = changes.last else { return false }
        let now = now
        let events = changes.map { change in
            change.event(BroadcastFigures(change.record, pace: pace(of: change.record.id), at: now), at: now)
        }
        try await ports.admit(events, [.broadcast(LedgerEntry(.told(through: last.number), at: now))])
        return changes.count == Self.untold
    }

    /// Where a broadcast stands, with the pace that has been seen of it.
    func figures(of record: BroadcastRecord) -> BroadcastFigures {
        BroadcastFigures(record, pace: pace(of: record.id), at: now)
    }
}
