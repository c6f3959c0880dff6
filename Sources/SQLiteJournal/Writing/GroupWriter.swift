import Dispatch
import GRDB
import Moonwire
import Synchronization

/// The one writer of a journal: batches are left in a mailbox, and all that is there commits together.
///
/// The queue gets one block per mailbox that was empty, and commits one group per block, so that other work of the
/// queue (a step of the clean-up, the end of a checkpoint) finds its turn between two groups.
///
/// `@unchecked Sendable`: `commit` is touched only on the queue of `database`; all else is constant or locked.
final class GroupWriter: @unchecked Sendable {
    private struct State {
        var batches: [JournalBatch] = []
        /// Whether a block on the queue, or a timer that makes one, will look at `batches`.
        var isScheduled = false
        var isClosed = false
        /// Why the first batch could not be written so far.
        var obstacle: JournalError?
        var attempts = 0
    }

    private let database: DatabaseQueue
    private let path: String
    private let metrics: CommitMetrics
    /// Kept alive by the writer, whose commits set it off.
    private let checkpointer: Checkpointer
    private let state = Mutex(State())
    private var commit: GroupCommit?

    /// How many entries commit together at most, so that a backlog does not hold up its first completion for long.
    private static let groupLimit = 4096

    init(
        _ database: DatabaseQueue, checkpointer: Checkpointer, metrics: CommitMetrics, path: String
    ) throws {
        self.metrics = metrics
        self.checkpointer = checkpointer
        self.database = database
        self.path = path
        commit = try database.inDatabase { try GroupCommit($0) }
    }

    func append(_ batch: JournalBatch) {
        enum Verdict { case wait, schedule, refuse(JournalError) }
        let verdict = state.withLock { state -> Verdict in
            if state.isClosed { return .refuse(Self.closed(path)) }
            if batch.mayFail, let obstacle = state.obstacle { return .refuse(obstacle) }
            state.batches.append(batch)
            guard !state.isScheduled else { return .wait }
            state.isScheduled = true
            return .schedule
        }
        switch verdict {
        case .wait: break
        case .schedule: schedule()
        case .refuse(let error):
            // Not from here: the caller may hold a lock that its completion wants.
            DispatchQueue.global().async { batch.completion(.failure(error)) }
        }
    }

    /// Commits what was appended, then refuses everything. Returns when both are done.
    func close() async {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { _ in
                self.finish()
                continuation.resume()
            }
        }
    }

    /// Does something between two groups.
    func between<Value: Sendable>(
        _ work: @escaping @Sendable (Database) throws -> Value
    ) async throws(JournalError) -> Value {
        let path = path
        let result: Result<Value, JournalError> = await withCheckedContinuation { continuation in
            database.asyncWriteWithoutTransaction { db in
                guard self.commit != nil else {
                    continuation.resume(returning: .failure(Self.closed(path)))
                    return
                }
                continuation.resume(returning: Result { try work(db) }.mapError { JournalError($0, path: path) })
            }
        }
        return try result.get()
    }

    static func closed(_ path: String) -> JournalError {
        JournalError(.closed, "The journal \(path) has been closed.")
    }
}

extension GroupWriter {
    private func schedule() {
        database.asyncWriteWithoutTransaction { _ in self.commitGroup() }
    }

    private func commitGroup() {
        let group = state.withLock { Self.takeGroup(from: &$0) }
        guard let commit, !group.isEmpty else {
            rest()
            return
        }
        let began = ContinuousClock.now
        let report = commit.commit(group)
        measure(group, report, since: began)
        let rest = Array(group.dropFirst(report.fates.count))
        settle(group, report.fates)
        if let obstacle = report.obstacle {
            hold(rest, obstacle.journalError(path))
        } else {
            let hasMore = state.withLock { state in
                state.obstacle = nil
                state.attempts = 0
                state.isScheduled = !state.batches.isEmpty
                return state.isScheduled
            }
            if hasMore { schedule() }
        }
    }

    private func measure(_ group: [JournalBatch], _ report: GroupCommit.Report, since began: ContinuousClock.Instant) {
        var entries = 0
        var hasFailed = report.obstacle != nil
        for (batch, fate) in zip(group, report.fates) {
            if case .committed = fate { entries += batch.entries.count } else { hasFailed = true }
        }
        metrics.committed(entries, in: ContinuousClock.now - began, failed: hasFailed)
    }

    private func rest() {
        state.withLock { $0.isScheduled = false }
    }

    private func settle(_ group: [JournalBatch], _ fates: [GroupCommit.Fate]) {
        for (batch, fate) in zip(group, fates) {
            switch fate {
            case .committed(let results): batch.completion(.success(results))
            case .failed(let failure): batch.completion(.failure(failure.journalError(path)))
            }
        }
    }

    /// Keeps what must not be lost in its place and tries again later; tells all others at once.
    private func hold(_ batches: [JournalBatch], _ obstacle: JournalError) {
        let (refused, delay) = state.withLock { state in
            let waiting = batches + state.batches
            state.batches = waiting.filter { !$0.mayFail }
            state.obstacle = obstacle
            state.attempts += 1
            return (waiting.filter(\.mayFail), Self.delay(beforeAttempt: state.attempts))
        }
        for batch in refused { batch.completion(.failure(obstacle)) }
        DispatchQueue.global().asyncAfter(deadline: .now() + delay) { [weak self] in self?.schedule() }
    }

    /// The last block of the writer's life.
    private func finish() {
        while let commit {
            let group = state.withLock { Self.takeGroup(from: &$0) }
            guard !group.isEmpty else { break }
            let report = commit.commit(group)
            settle(group, report.fates)
            guard let obstacle = report.obstacle else { continue }
            let lost =
                group.dropFirst(report.fates.count)
                + state.withLock { state in
                    defer { state.batches = [] }
                    return state.batches
                }
            for batch in lost { batch.completion(.failure(obstacle.journalError(path))) }
        }
        // The statements go before their connection does.
        commit = nil
    }

    private static func takeGroup(from state: inout State) -> [JournalBatch] {
        var entries = 0
        var count = 0
        while count < state.batches.count, entries < groupLimit {
            entries += state.batches[count].entries.count
            count += 1
        }
        if count == state.batches.count {
            defer { state.batches = [] }
            return state.batches
        }
        defer { state.batches.removeFirst(count) }
        return Array(state.batches[..<count])
    }

    private static func delay(beforeAttempt attempt: Int) -> DispatchTimeInterval {
        .milliseconds(min(20 << min(attempt - 1, 8), 5000))
    }
}
