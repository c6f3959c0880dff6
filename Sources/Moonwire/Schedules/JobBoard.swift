/// What is due, what runs and what waits: all that is to be known of jobs, without a clock, a journal or a thread.
///
/// Each method is given the time and gives what is to be written down; what it gives must be committed in the order of
/// the calls, each batch whole. A due time leaves the board in the batch that writes its tick, so that no end of a
/// process doubles one or loses it.
struct JobBoard {
    struct Job {
        var record: JobRecord
        /// Ticks whose runs have not ended.
        var running: Set<Instant> = []
        /// Ticks that wait for those to end, oldest first.
        var queue: [TickRecord] = []
        /// The tick from the queue that goes on where ticks may run side by side.
        var madeUp: Instant?
        /// The last tick that a person asked for.
        var lastManual = Instant(milliseconds: 0)
    }

    private(set) var jobs: [String: Job] = [:]
    private var lastTurn: Instant?

    /// How many ticks of a job may wait for earlier ones because of `overlap = "queue"`.
    static let mostQueued = 1000
    /// How many missed ticks are made up for at most; of more the oldest are left out.
    static let mostMadeUp = 10_000
    /// How many missed ticks of one outage are recorded one by one; of more the oldest share a record.
    static let mostRecorded = 100
    /// A tick that begins later than this is one that was missed.
    static let punctuality = Duration.seconds(60)

    init() {}

    /// Takes up what an earlier process left. Ticks of which nothing is left to be done have failed.
    init(_ records: [JobRecord], open: [OpenTick]) {
        for record in records { jobs[record.name] = Job(record: record) }
        for open in open {
            switch open.tick.state {
            case .running where open.isAlive: jobs[open.tick.id.job]?.running.insert(open.tick.id.due)
            case .queued: jobs[open.tick.id.job]?.queue.append(open.tick)
            default: break
            }
        }
    }

    /// The ends of ticks whose run was lost with an earlier process.
    static func lost(among open: [OpenTick], at now: Instant) -> JobBatch {
        JobBatch(
            entries: open.filter { !$0.isAlive && $0.tick.state == .running }.map { lost in
                .ended(lost.tick.id, .failed, note: "its run could not be continued", at: now)
            })
    }

    /// When something is to be done next.
    var nextTurn: Instant? {
        jobs.values.compactMap { job in
            guard job.isActive, let due = job.record.nextDue else { return nil }
            return job.record.declaration.start(ofTickDue: due)
        }.min()
    }

    /// Takes note that the run of a tick has ended.
    mutating func end(_ tick: TickID) {
        jobs[tick.job]?.running.remove(tick.due)
        if jobs[tick.job]?.madeUp == tick.due { jobs[tick.job]?.madeUp = nil }
    }

    /// Does what has become due, and lets ticks that waited begin. One batch for each job that moves.
    mutating func advance(at now: Instant) -> [JobBatch] {
        var batches: [JobBatch] = []
        let isSetBack = lastTurn.map { now < $0 } ?? false
        lastTurn = now
        for name in jobs.keys.sorted() {
            guard var job = jobs[name], !job.record.isRetired else { continue }
            var batch = JobBatch()
            if job.isActive {
                if isSetBack { job.settle(at: now, into: &batch) }
                job.takeDue(at: now, into: &batch)
            }
            job.drainQueue(at: now, into: &batch)
            jobs[name] = job
            if !batch.isEmpty { batches.append(batch) }
        }
        return batches
    }

    mutating func update<Value>(_ name: String, _ body: (inout Job) -> Value) -> Value? {
        guard var job = jobs[name] else { return nil }
        defer { jobs[name] = job }
        return body(&job)
    }

    mutating func add(_ record: JobRecord) { jobs[record.name] = Job(record: record) }
}

/// What commits together.
struct JobBatch: Sendable {
    var entries: [JobEntry] = []
    /// Ticks that begin.
    var events: [Event] = []

    var isEmpty: Bool { entries.isEmpty && events.isEmpty }
}
