extension JobBoard {
    /// Takes over what the scripts declare now. A new schedule counts from now on; a job that nobody declares any more
    /// is retired, with the ticks that waited.
    mutating func declare(_ declared: [(script: String, job: JobDeclaration)], at now: Instant) -> JobBatch {
        var batch = JobBatch()
        var names: Set<String> = []
        for (script, declaration) in declared where names.insert(declaration.name).inserted {
            guard let before = jobs[declaration.name]?.record else {
                let record = JobRecord(script: script, declaration: declaration, nextDue: nil).settled(at: now)
                add(record)
                batch.entries.append(.keep(record))
                continue
            }
            var record = before
            if before.isRetired || before.declaration.schedule != declaration.schedule { record.nextDue = nil }
            (record.script, record.declaration, record.isRetired) = (script, declaration, false)
            record = record.settled(at: now)
            guard record != before else { continue }
            _ = update(declaration.name) { $0.record = record }
            batch.entries.append(.keep(record))
        }
        for name in jobs.keys.sorted() where !names.contains(name) {
            _ = update(name) { job in
                guard !job.record.isRetired else { return }
                job.record.isRetired = true
                job.record.nextDue = nil
                batch.entries.append(.keep(job.record))
                for tick in job.queue {
                    batch.entries.append(.ended(tick.id, .failed, note: "the job was retired before it began", at: now))
                }
                job.queue = []
            }
        }
        return batch
    }

    mutating func setPaused(_ isPaused: Bool, _ name: String, at now: Instant) throws(JobRefusal) -> JobBatch {
        _ = try declared(name)
        return update(name) { job in
            guard job.record.isPaused != isPaused else { return JobBatch() }
            job.record.isPaused = isPaused
            // What came and went in between was not wanted.
            if !isPaused { job.record.nextDue = job.record.declaration.schedule.next(after: now) }
            return JobBatch(entries: [.keep(job.record)])
        } ?? JobBatch()
    }

    /// Makes a job run now, whether it is paused or not; behind the tick that is going on.
    mutating func trigger(_ name: String, at now: Instant) throws(JobRefusal) -> (TickRecord, JobBatch) {
        let job = try declared(name)
        // Due times are whole seconds, so that this is never one of them.
        var due = max(now, job.lastManual + .milliseconds(1))
        if due.rawValue % 1000 == 0 { due = due + .milliseconds(1) }
        _ = update(name) { $0.lastManual = due }
        var tick = TickRecord(id: TickID(job: name, due: due), origin: .manual, state: .queued)
        let batch = take([tick], of: name, at: now)
        if !batch.events.isEmpty { tick.state = .running }
        return (tick, batch)
    }

    /// The due times within a span that neither ran nor run nor wait.
    ///
    /// - Parameter known: what the journal has of that span.
    func missing(
        _ name: String, from: Instant, through: Instant, known: [TickRecord]
    ) throws(JobRefusal) -> [Instant] {
        let schedule = try declared(name).record.declaration.schedule
        let done = Set(known.filter { !$0.state.isSkipped }.map(\.id.due))
        var missing: [Instant] = []
        var next = schedule.next(after: Instant(rawValue: from.rawValue - 1))
        while let due = next, due <= through {
            if !done.contains(due) { missing.append(due) }
            guard missing.count <= Self.mostMadeUp else {
                throw JobRefusal("the span has more than \(Self.mostMadeUp) due times of '\(name)'; take a shorter one")
            }
            next = schedule.next(after: due)
        }
        return missing
    }

    mutating func backFill(_ name: String, _ times: [Instant], at now: Instant) throws(JobRefusal) -> JobBatch {
        let job = try declared(name)
        let open = job.running.union(job.queue.map(\.id.due))
        let ticks = times.filter { !open.contains($0) }.map { due in
            TickRecord(id: TickID(job: name, due: due), origin: .backFill, state: .queued)
        }
        return take(ticks, of: name, at: now)
    }

    private mutating func take(_ ticks: [TickRecord], of name: String, at now: Instant) -> JobBatch {
        update(name) { job in
            var batch = JobBatch()
            for tick in ticks { job.take(tick, true, at: now, into: &batch) }
            return batch
        } ?? JobBatch()
    }

    private func declared(_ name: String) throws(JobRefusal) -> Job {
        guard let job = jobs[name] else {
            throw JobRefusal("there is no job '\(name)'" + NearestWord.hint(for: name, in: jobs.keys.sorted()))
        }
        guard !job.record.isRetired else {
            throw JobRefusal("the job '\(name)' is retired: no script declares it any more")
        }
        return job
    }
}

/// Why a person cannot have what was asked for.
public struct JobRefusal: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
