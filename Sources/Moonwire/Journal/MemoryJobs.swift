/// The jobs and their ticks that a journal in memory holds.
struct MemoryJobs: Sendable {
    private(set) var records: [String: JobRecord] = [:]
    private(set) var ticks: [TickID: TickRecord] = [:]

    mutating func write(_ entry: JobEntry) {
        switch entry {
        case .keep(let record): records[record.name] = record
        case .tick(let tick):
            guard ticks[tick.id].map({ $0.state == .queued || $0.state.isSkipped }) ?? true else { return }
            ticks[tick.id] = tick
        case .started(let id, let run, let at):
            guard ticks[id]?.state == .running else { return }
            ticks[id]?.run = run
            ticks[id]?.startedAt = at
        case .ended(let id, let state, let note, let at):
            guard ticks[id]?.state.isOpen == true else { return }
            ticks[id]?.state = state
            ticks[id]?.note = note
            ticks[id]?.endedAt = at
        }
    }

    /// Forgets ticks that have ended; the newest of each job stays.
    mutating func prune(before: Instant) -> Int {
        let newest = Dictionary(ticks.keys.map { ($0.job, $0.due) }, uniquingKeysWith: max)
        let old = ticks.values.filter { tick in
            !tick.state.isOpen && tick.id.due < before && newest[tick.id.job] != tick.id.due
        }
        for tick in old { ticks[tick.id] = nil }
        return old.count
    }

    func ticks(of job: String) -> [TickRecord] {
        ticks.values.filter { $0.id.job == job }.sorted { $0.id.due < $1.id.due }
    }
}

extension MemoryTables {
    var openTicks: [OpenTick] {
        let open = jobs.ticks.values.filter(\.state.isOpen).sorted { ($0.id.due, $0.id.job) < ($1.id.due, $1.id.job) }
        return open.map { tick in
            guard let event = keys[.host]?[tick.id.key] else { return OpenTick(tick: tick, isAlive: false) }
            let isAlive =
                events[event]?.isPending == true || runs.values.contains { $0.record.event == event && $0.end == nil }
            return OpenTick(tick: tick, isAlive: isAlive)
        }
    }
}

extension MemoryJournal: JobStore {
    public func jobs() async throws(JournalError) -> [JobRecord] {
        try await read { $0.jobs.records.values.sorted { $0.name < $1.name } }
    }

    public func openTicks() async throws(JournalError) -> [OpenTick] {
        try await read { $0.openTicks }
    }

    public func ticks(of job: String, before: Instant, limit: Int) async throws(JournalError) -> [TickRecord] {
        try await read { tables in
            Array(tables.jobs.ticks(of: job).filter { $0.id.due < before }.suffix(max(limit, 0)).reversed())
        }
    }

    public func ticks(
        of job: String, from: Instant, through: Instant
    ) async throws(JournalError) -> [TickRecord] {
        try await read { $0.jobs.ticks(of: job).filter { $0.id.due >= from && $0.id.due <= through } }
    }
}
