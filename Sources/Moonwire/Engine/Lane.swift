import DequeModule

/// One thread's share of the engine: its sessions, their runs and the script states that execute them.
///
/// A lane knows sessions, runs and steps, and nothing of sockets or SQL. It is confined to one thread, so that nothing
/// in it needs a lock; work comes in through `process`, and leaves as one journal batch per call, whose completion
/// sets off the effects. An effect is never performed before its intent is committed; a coroutine goes on as soon as
/// its outcome is known, because batches commit in order.
final class Lane {
    let ports: LanePorts
    let runIDs: RunIDs
    /// The newest version of each script, in configuration order.
    var current: [LoadedScript] = []
    /// All versions with something to do, by content hash.
    var versions: [String: LoadedScript] = [:]
    var router = Router(scripts: [])
    var sessions: [SessionID: SessionState] = [:]
    var runs: [RunID: Run] = [:]
    var timetable = Timetable()
    var sleepers = Sleepers()
    /// Sessions with waiting runs in memory, in the order in which the waits began.
    var dozing = Deque<Dozer>()
    /// Versions out of service.
    var retired: [String: Retirement] = [:]
    /// Sessions that a person keeps the bot out of.
    var paused: Set<SessionID> = []
    /// What answers clients who opt out of broadcasts.
    let optOut: OptOutReply
    let optOutScript: LoadedScript
    /// Typing and presence for sessions that are on their way back.
    var heldEphemerals: [(Event, EventBody)] = []
    /// Whether the host is going down: what has not begun stays in the journal.
    var isDraining = false

    private var entries: [JournalEntry] = []
    private var followUps: [FollowUp] = []
    private var finishedEvents = 0
    /// Whether the ledger of broadcasts changes with the batch.
    private var wakesBroadcasts = false
    private var lastSweep = Instant(milliseconds: 0)

    /// What happens once the batch is committed.
    private enum FollowUp: Sendable {
        case deliver(LaneDelivery)
        case fetch(LaneFetch)
        /// The entry at this index was a store operation of the run.
        case store(entry: Int, run: RunID, step: Int, at: Instant)
        case tickEnded(TickID)
    }

    init(ports: LanePorts, runIDs: RunIDs) {
        self.ports = ports
        self.runIDs = runIDs
        optOut = OptOutReply()
        optOutScript = LoadedScript(optOut)
    }

    var now: Instant { ports.clock.now }

    /// When the lane must be called again although no message came.
    var nextWakeUp: Instant? {
        [
            timetable.next(reading: !sleepers.isBusy && !isDraining),
            dozing.first.map { $0.since + ports.settings.passivation.idle },
        ]
        .compactMap(\.self).min()
    }

    /// Works off messages, then what has become due, and commits what came of it. Resumptions go first.
    func process(_ messages: [LaneMessage]) {
        for case .outcome(let completion) in messages { finishStep(completion) }
        for message in messages {
            switch message {
            case .outcome: break
            case .event(let pending): enqueue(pending)
            case .ephemeral(let event, let body): receiveEphemeral(event, body)
            case .prepare(let sources, let reply): reply(prepare(sources))
            case .install(let sources, let keeping, let reply):
                install(sources, keeping: keeping)
                reply()
            case .recover(let recovery): recover(recovery)
            case .revive(let sessions, let runs, let older, let omitted): revive(sessions, runs, older, omitted)
            case .deadlines(let page, let deadlines): timetable.fill(page, with: deadlines)
            case .retire(let version, let retirement): retire(version, retirement)
            case .summon(let version, let sessions): summon(version, sessions)
            case .handlers(let reply): reply(handlers)
            case .inspect(let reply): reply(status)
            case .drain: isDraining = true
            case .stop: break
            }
        }
        let now = now
        for due in timetable.due(at: now) { wake(due) }
        sweep(at: now)
        passivateIdle(at: now)
        flush()
        // Behind the flush, so that the journal's answer knows of everything that this call began.
        readJournal(at: now)
    }

    private func readJournal(at now: Instant) {
        guard !isDraining else { return }
        let calls = sleepers.takeCalls()
        if !calls.isEmpty { ports.revive(calls, Set(versions.keys)) }
        if !sleepers.isBusy, let page = timetable.page(at: now) { ports.readDeadlines(page) }
    }

    var status: LaneStatus {
        LaneStatus(
            executing: sessions.values.count { $0.executing != nil },
            waiting: sessions.values.reduce(0) { $0 + $1.waiting.count },
            queued: sessions.values.count { !$0.queue.isEmpty }, sessions: sessions.count, scripts: versions.count,
            asleep: sleepers.count, runs: versions.mapValues(\.runCount))
    }
}

extension Lane {
    func record(_ entry: JournalEntry) {
        entries.append(entry)
    }

    /// Puts something aside for the ops team.
    func bury(_ letter: DeadLetter) {
        record(.deadLetter(letter))
        ports.metrics.buried()
    }

    func deliver(_ delivery: LaneDelivery) {
        followUps.append(.deliver(delivery))
    }

    func fetch(_ fetch: LaneFetch) {
        followUps.append(.fetch(fetch))
    }

    func recordStore(_ step: StepRecord, _ operation: HostEffect.StoreOperation) {
        followUps.append(.store(entry: entries.count, run: step.run, step: step.number, at: step.at))
        entries.append(.store(step, operation))
    }

    func recordEnd(of tick: TickID, _ state: TickRecord.State, _ note: String? = nil) {
        entries.append(.job(.ended(tick, state, note: note, at: now)))
        ports.metrics.ended(tick, state)
        followUps.append(.tickEnded(tick))
    }

    func recordLedger(_ step: StepRecord, _ operation: LedgerOperation) {
        followUps.append(.store(entry: entries.count, run: step.run, step: step.number, at: step.at))
        if !operation.isRead { wakesBroadcasts = true }
        entries.append(.broadcast(LedgerEntry(operation, step: step, at: step.at)))
    }

    func finishEvent(_ event: AdmittedEvent, _ end: EventEnd) {
        guard event.id.rawValue != 0 else { return }
        if end == .unmatched, let tick = TickID(event.event) {
            recordEnd(of: tick, .failed, "no script has the job any more")
        }
        wakeBroadcasts(for: event.event.sessionID)
        entries.append(.finishEvent(event.id, end))
        ports.metrics.ended(end)
        finishedEvents += 1
        ports.eventEnded(event.event, end)
    }

    /// What has ended in a session that audiences are asked for in may be the end of an audience.
    func wakeBroadcasts(for session: SessionID) {
        if AudienceRequest.isSession(session) { wakesBroadcasts = true }
    }

    /// Commits everything since the last flush as one batch and sets off what depends on it.
    private func flush() {
        if finishedEvents > 0 {
            ports.finished(finishedEvents)
            finishedEvents = 0
        }
        guard !entries.isEmpty else { return }
        let followUps = followUps
        let ports = ports
        let wakesBroadcasts = wakesBroadcasts
        self.wakesBroadcasts = false
        let batch = JournalBatch(entries: entries, mayFail: false) { result in
            let results: [JournalEntryResult]
            switch result {
            case .success(let written): results = written
            case .failure(let error):
                ports.observer.notify(.journalRefused(error))
                return
            }
            if wakesBroadcasts { ports.wakeBroadcasts() }
            for followUp in followUps {
                switch followUp {
                case .deliver(let delivery): ports.deliver(delivery)
                case .fetch(let fetch): ports.fetch(fetch)
                case .tickEnded(let tick): ports.tickEnded(tick)
                case .store(let entry, let run, let step, let at):
                    let result: StepOutcome.Result
                    switch results.indices.contains(entry) ? results[entry] : .done {
                    case .stored(let value): result = .value(value)
                    case .refused(let failure): result = .failure(failure)
                    default: result = .failure(.unknown("the store gave no answer"))
                    }
                    ports.post(
                        .outcome(
                            StepCompletion(
                                run: run, step: step, outcome: StepOutcome(result: result, at: at), isRecorded: true)))
                }
            }
        }
        entries.removeAll(keepingCapacity: true)
        self.followUps.removeAll(keepingCapacity: true)
        ports.journal.append(batch)
    }

    /// Forgets sessions of which only an old loop-guard count is left.
    private func sweep(at now: Instant) {
        guard now.rawValue - lastSweep.rawValue > 30_000 else { return }
        lastSweep = now
        for session in Array(sessions.values) { forgetIfIdle(session, at: now) }
    }

    func forgetIfIdle(_ session: SessionState, at now: Instant) {
        if session.isIdle, session.loopGuard.isIdle(at: now) { sessions[session.key] = nil }
    }

    /// The state of a session, made when it is first needed.
    func session(_ key: SessionID) -> SessionState {
        if let session = sessions[key] { return session }
        let session = SessionState(key, loopGuardLimit: ports.settings.loopGuardLimit)
        sessions[key] = session
        return session
    }
}
