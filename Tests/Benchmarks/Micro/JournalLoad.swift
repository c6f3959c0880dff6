import Moonwire
import Synchronization

/// Keeps a number of events under way: each goes on in the completion of its last batch.
final class JournalLoad: Sendable {
    private struct State {
        var admitted: Int64 = 0
        var last: Int64 = 0
        var unfinished = 0
        var ended: CheckedContinuation<Void, any Error>?
    }

    private let journal: any Journal
    private let state = Mutex(State())

    init(_ journal: any Journal) {
        self.journal = journal
    }

    /// Takes so many events through the journal. Numbers go on where the call before left off.
    func run(_ events: Int, inFlight: Int) async throws {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                state.last += Int64(events)
                state.unfinished = events
                state.ended = continuation
            }
            for _ in 0..<inFlight { admitNext() }
        }
    }

    private func admitNext() {
        let number = state.withLock { state -> Int64? in
            guard state.admitted < state.last else { return nil }
            state.admitted += 1
            return state.admitted
        }
        guard let number else { return }
        let event = JournaledEvent(number: number)
        append(event.admission) { results in
            guard case .admitted(let id)? = results.first else {
                self.end(throwing: JournalError(.other, "The journal took a new event for an old one."))
                return
            }
            self.append(event.beginning(id)) { _ in
                self.append(event.ending(id)) { _ in self.finishOne() }
            }
        }
    }

    private func finishOne() {
        let isLast = state.withLock { state in
            state.unfinished -= 1
            return state.unfinished == 0
        }
        if isLast { end(throwing: nil) } else { admitNext() }
    }

    private func append(_ entries: [JournalEntry], _ next: @escaping @Sendable ([JournalEntryResult]) -> Void) {
        journal.append(
            JournalBatch(entries: entries, mayFail: true) { result in
                switch result {
                case .success(let results): next(results)
                case .failure(let error): self.end(throwing: error)
                }
            })
    }

    private func end(throwing error: JournalError?) {
        let ended = state.withLock { state in
            defer { state.ended = nil }
            return state.ended
        }
        if let error { ended?.resume(throwing: error) } else { ended?.resume() }
    }
}
