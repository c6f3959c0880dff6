extension Engine {
    /// Performs store operations of a channel's own, all or none. Returns their values when the journal holds them.
    func keep(_ operations: [HostEffect.StoreOperation]) async throws -> [RawJSON] {
        let now = timing.clock.now
        let entries = operations.map { JournalEntry.keep($0, at: now) }
        return try await withCheckedThrowingContinuation { continuation in
            journal.append(
                JournalBatch(entries: entries, mayFail: true) { result in
                    continuation.resume(
                        with: Result {
                            try result.get().map { entry in
                                switch entry {
                                case .stored(let value): return value
                                case .refused(let failure): throw failure
                                default: return .null
                                }
                            }
                        })
                })
        }
    }

    /// Keeps what a channel could not do for the ops team.
    func bury(_ letter: DeadLetter) {
        metrics.buried()
        journal.append(JournalBatch(entries: [.deadLetter(letter)], mayFail: false) { _ in })
    }
}
