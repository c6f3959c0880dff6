import Synchronization

/// Lets the jobs of the scripts run when they are due.
///
/// A shell around `JobBoard`: it knows the time and where to read, and hands what is to be written down to whoever runs
/// it. Due times come from the journal, so that what passed while no host was running is dealt with as each job's misfire
/// rule says.
public actor Scheduler {
    private let store: any JobStore
    private let timing: DeliveryTiming
    private var board = JobBoard()
    private var declared: [(script: String, job: JobDeclaration)]?
    /// Set while the scheduler runs.
    private var commit: (@Sendable (JobBatch) -> Void)?
    /// Ends of ticks that the board does not know yet.
    private let ended = Mutex<[TickID]>([])
    private let pokes: AsyncStream<Void>
    private nonisolated let poke: AsyncStream<Void>.Continuation
    /// When the earliest timer under way goes off.
    private var alarm: Instant?
    /// The clock may be set, and the machine may sleep: no timer is trusted for longer.
    private static let longestSleep = Duration.seconds(20)

    init(store: any JobStore, timing: DeliveryTiming) {
        self.store = store
        self.timing = timing
        (pokes, poke) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Takes over what the scripts in service declare.
    func declare(_ handlers: [RegisteredHandler]) {
        declared = handlers.compactMap { handler in handler.handler.job.map { (handler.script, $0) } }
        poke.yield()
    }

    /// Takes note that a tick's run has ended and that the journal knows.
    nonisolated func ended(_ tick: TickID) {
        ended.withLock { $0.append(tick) }
        poke.yield()
    }

    /// Runs jobs until cancelled.
    ///
    /// - Parameter commit: hands a batch on; batches commit whole and in the order of the calls.
    /// - Throws: `JournalError` when the journal cannot be read at the start.
    func run(commit: @escaping @Sendable (JobBatch) -> Void) async throws {
        let open = try await store.openTicks()
        board = JobBoard(try await store.jobs(), open: open)
        let lost = JobBoard.lost(among: open, at: timing.clock.now)
        if !lost.isEmpty { commit(lost) }
        self.commit = commit
        poke.yield()
        await withDiscardingTaskGroup { group in
            for await _ in pokes {
                if Task.isCancelled { break }
                guard let wakeUp = turn() else { continue }
                group.addTask {
                    try? await self.timing.sleep(wakeUp)
                    await self.alarmWentOff()
                }
            }
            group.cancelAll()
        }
        self.commit = nil
    }

    private func alarmWentOff() {
        alarm = nil
        poke.yield()
    }

    /// Does what there is to do. Returns how long to sleep, unless a timer that is under way goes off early enough.
    private func turn() -> Duration? {
        guard let commit else { return nil }
        let now = timing.clock.now
        for tick in ended.withLock({ ended in
            defer { ended = [] }
            return ended
        }) {
            board.end(tick)
        }
        if let declared {
            self.declared = nil
            let batch = board.declare(declared, at: now)
            if !batch.isEmpty { commit(batch) }
        }
        for batch in board.advance(at: now) { commit(batch) }
        let sleep = board.nextTurn.map { min(max($0 - now, .milliseconds(1)), Self.longestSleep) } ?? Self.longestSleep
        guard alarm.map({ now + sleep < $0 }) ?? true else { return nil }
        alarm = now + sleep
        return sleep
    }
}

extension Scheduler {
    /// The jobs as they are now, by name.
    public var jobs: [JobRecord] { board.jobs.values.map(\.record).sorted { $0.name < $1.name } }

    /// The ticks of jobs, for people.
    public nonisolated var history: any JobStore { store }

    /// Lets a job run now, or behind the tick that is going on.
    ///
    /// - Returns: The tick: `running`, or `queued`.
    public func trigger(_ name: String) throws(JobRefusal) -> TickRecord {
        let commit = try committer()
        let (tick, batch) = try board.trigger(name, at: timing.clock.now)
        commit(batch)
        return tick
    }

    /// Stops a job's ticks, or lets them go on. What was due in between does not run.
    public func setPaused(_ isPaused: Bool, _ name: String) throws(JobRefusal) -> JobRecord? {
        let commit = try committer()
        let batch = try board.setPaused(isPaused, name, at: timing.clock.now)
        if !batch.isEmpty { commit(batch) }
        poke.yield()
        return board.jobs[name]?.record
    }

    /// The due times of a span up to now that neither ran nor run.
    public func missing(_ name: String, from: Instant, through: Instant) async throws -> [Instant] {
        let through = min(through, timing.clock.now)
        let known = try await store.ticks(of: name, from: from, through: through)
        return try board.missing(name, from: from, through: through, known: known)
    }

    /// Lets the job run for due times that did not run, one after the other.
    public func backFill(_ name: String, _ times: [Instant]) throws(JobRefusal) {
        let commit = try committer()
        let batch = try board.backFill(name, times, at: timing.clock.now)
        if !batch.isEmpty { commit(batch) }
    }

    private func committer() throws(JobRefusal) -> @Sendable (JobBatch) -> Void {
        guard let commit else { throw JobRefusal("the host is not running its jobs: it is starting or going down") }
        return commit
    }
}
