import EventJSON

extension JobBoard.Job {
    var isActive: Bool { !record.isPaused && !record.isRetired }

    private var name: String { record.name }
    private var terms: JobTerms { record.declaration.terms }

    /// Due times that have come, and the one that comes next.
    private struct Due {
        var times: [Instant] = []
        /// How many older ones were left out, and the last of them.
        var omitted = 0
        var lastOmitted: Instant?
        var next: Instant?

        /// Leaves out, without a look at each, what is out of reach anyway: a clock that stood at 1970 until the network
        /// was there has missed every second since.
        mutating func leap(_ length: Duration, to now: Instant) {
            guard let first = next else { return }
            let period = max(length.milliseconds, 1000)
            let surplus = (now - first).milliseconds / period - 2 * Int64(JobBoard.mostMadeUp)
            guard surplus > 0 else { return }
            omitted = Int(surplus)
            lastOmitted = first + .milliseconds(period * (surplus - 1))
            next = first + .milliseconds(period * surplus)
        }

        mutating func trim() {
            let surplus = times.count - JobBoard.mostMadeUp
            guard surplus > 0 else { return }
            omitted += surplus
            lastOmitted = times[surplus - 1]
            times.removeFirst(surplus)
        }
    }

    private func due(at now: Instant) -> Due {
        var due = Due()
        due.next = record.nextDue
        if case .every(let length) = record.declaration.schedule { due.leap(length, to: now) }
        while let time = due.next, record.declaration.start(ofTickDue: time) <= now {
            due.times.append(time)
            due.next = record.declaration.schedule.next(after: time)
            if due.times.count >= 2 * JobBoard.mostMadeUp { due.trim() }
        }
        due.trim()
        return due
    }

    mutating func settle(at now: Instant, into batch: inout JobBatch) {
        let settled = record.settled(at: now)
        guard settled != record else { return }
        record = settled
        batch.entries.append(.keep(record))
    }

    mutating func takeDue(at now: Instant, into batch: inout JobBatch) {
        let due = due(at: now)
        guard let latest = due.times.last else { return }
        record.nextDue = due.next
        batch.entries.append(.keep(record))
        var missed: [Instant] = []
        for time in due.times {
            let late = now - record.declaration.start(ofTickDue: time)
            if terms.misfire == .runOnce && time != latest || terms.grace.map({ late > $0 }) == true {
                missed.append(time)
            } else {
                let isMadeUp = terms.misfire == .catchUp && (due.times.count > 1 || late > JobBoard.punctuality)
                take(TickRecord(id: TickID(job: name, due: time), state: .queued), isMadeUp, at: now, into: &batch)
            }
        }
        recordMissed(missed, omitted: due.omitted, lastOmitted: due.lastOmitted, into: &batch)
    }

    /// Lets a tick begin, wait or pass, as the overlap rule says. What is made up for never passes, and runs one after
    /// the other also where ticks may run side by side: there may be thousands of them.
    mutating func take(_ tick: TickRecord, _ isMadeUp: Bool, at now: Instant, into batch: inout JobBatch) {
        var tick = tick
        if terms.overlap == .allow, !isMadeUp || tick.origin == .manual {
            begin(tick, at: now, into: &batch)
            return
        }
        if isFree, !queue.contains(where: mayBegin) {
            beginNext(tick, at: now, into: &batch)
            return
        }
        let mayWait = isMadeUp || (terms.overlap == .queue && queue.count < JobBoard.mostQueued)
        tick.state = mayWait ? .queued : .overlapped
        if mayWait { queue.append(tick) }
        batch.entries.append(.tick(tick))
    }

    mutating func drainQueue(at now: Instant, into batch: inout JobBatch) {
        while isFree, let index = queue.firstIndex(where: mayBegin) {
            beginNext(queue.remove(at: index), at: now, into: &batch)
        }
    }

    /// Whether the next tick of the queue may begin.
    private var isFree: Bool { terms.overlap == .allow ? madeUp == nil : running.isEmpty }

    /// A pause holds back what the schedule brought, not what a person asked for.
    private func mayBegin(_ tick: TickRecord) -> Bool { !record.isPaused || tick.origin != .schedule }

    private mutating func beginNext(_ tick: TickRecord, at now: Instant, into batch: inout JobBatch) {
        if terms.overlap == .allow { madeUp = tick.id.due }
        begin(tick, at: now, into: &batch)
    }

    private mutating func begin(_ tick: TickRecord, at now: Instant, into batch: inout JobBatch) {
        var tick = tick
        tick.state = .running
        running.insert(tick.id.due)
        batch.entries.append(.tick(tick))
        batch.events.append(event(of: tick, at: now))
    }

    private func recordMissed(
        _ missed: [Instant], omitted: Int, lastOmitted: Instant?, into batch: inout JobBatch
    ) {
        let older = missed.dropLast(JobBoard.mostRecorded)
        if let last = older.last ?? lastOmitted {
            let count = older.count + omitted
            batch.entries.append(.tick(TickRecord(id: TickID(job: name, due: last), state: .missed, count: count)))
        }
        for time in missed.suffix(JobBoard.mostRecorded) {
            batch.entries.append(.tick(TickRecord(id: TickID(job: name, due: time), state: .missed)))
        }
    }

    /// A tick as its handler is given it. Ticks of a job keep their order, unless they may run side by side.
    private func event(of tick: TickRecord, at now: Instant) -> Event {
        let late = max(now - record.declaration.start(ofTickDue: tick.id.due), .zero).milliseconds / 1000
        let eventName = TickID.eventName(of: name)
        let session = terms.overlap == .allow ? "\(eventName):\(tick.id.due.rawValue)" : eventName
        let details: JSON = [
            "name": .string(name), "scheduled_at": .double(tick.id.due.seconds),
            "late": .int(tick.origin == .manual ? 0 : late), "manual": .bool(tick.origin != .schedule),
        ]
        return Event(
            name: eventName, native: "tick", key: tick.id.key, id: "\(tick.id.due.rawValue)", at: tick.id.due,
            channel: .host, platform: .host, role: .operator,
            session: Session(id: SessionID(channel: .host, id: session), status: "open", owner: .bot),
            raw: RawJSON(validated: details.bytes))
    }
}
