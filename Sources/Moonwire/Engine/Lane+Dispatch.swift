extension Lane {
    /// Puts an admitted event at the end of its session's queue.
    func enqueue(_ pending: PendingEvent) {
        let event = pending.admitted
        if pending.isStopped {
            finishEvent(event, .handled)
            return
        }
        let session = session(event.event.sessionID)
        if event.event.name == "message.created", Peer.isPeer(event.event.from, on: event.event.role) {
            session.loopGuard.peerSpoke(at: now)
        }
        session.queue.append(QueuedEvent(admitted: event, finishedHandlers: pending.finishedHandlers))
        advance(session)
    }

    /// Takes a session on as far as it goes without an outcome.
    func advance(_ session: SessionState) {
        while session.executing == nil, !isDraining {
            if session.dispatch != nil {
                startNextHandler(of: session)
            } else if let due = session.due.first {
                session.due.removeFirst()
                endWait(due, of: session)
            } else if let event = session.queue.popFirst() {
                route(event, of: session)
            } else {
                forgetIfIdle(session, at: now)
                return
            }
        }
    }

    /// Who gets the event: a command, the run that waits for it, or the handlers by priority.
    private func route(_ queued: QueuedEvent, of session: SessionState) {
        let event = queued.admitted
        let text = FoldedText(event.event.message?.text ?? "")
        let commands = accepted(router.commands(for: event.event, text: text, now: now), event)
        if !commands.isEmpty {
            begin(Array(commands.prefix(1)), for: queued, of: session)
            return
        }
        if let waiting = waitingRun(for: event.event, text: text, of: session) {
            resume(waiting, with: event)
            return
        }
        endWaits(of: session, because: event.event)
        let handlers = accepted(router.handlers(for: event.event, text: text, now: now), event)
        if handlers.isEmpty {
            finishEvent(event, .unmatched)
            ports.observer.detail(.unmatched(event.event))
        } else {
            begin(handlers, for: queued, of: session)
        }
    }

    private func begin(_ candidates: [Candidate], for queued: QueuedEvent, of session: SessionState) {
        guard !queued.finishedHandlers.isEmpty else {
            session.dispatch = Dispatch(event: queued.admitted, remaining: candidates[...])
            return
        }
        let remaining = candidates.filter { candidate in
            !queued.finishedHandlers.contains(
                HandlerKey(script: candidate.script.sources.script, handler: candidate.handler.identity))
        }
        session.dispatch = Dispatch(event: queued.admitted, remaining: remaining[...])
    }

    /// Asks the handlers' own `where` functions. One that fails is told and counts as "no".
    func accepted(_ candidates: [Candidate], _ event: AdmittedEvent) -> [Candidate] {
        guard candidates.contains(where: \.handler.hasWhere) else { return candidates }
        return candidates.filter { candidate in
            guard candidate.handler.hasWhere else { return true }
            do throws(ScriptFailure) {
                return try candidate.script.instance.accepts(candidate.handler.index, event, now: now)
            } catch {
                ports.observer.notify(.handlerSkipped(script: candidate.script.sources.script, error))
                record(
                    .deadLetter(
                        DeadLetter(
                            run: nil, event: event.id, session: event.event.sessionID,
                            script: candidate.script.sources.script, error: error.description, at: now)))
                return false
            }
        }
    }

    private func waitingRun(for event: Event, text: FoldedText, of session: SessionState) -> Run? {
        for id in session.waiting {
            guard let run = runs[id], case .waiting(let wait, _) = run.state else { continue }
            if wait.events.contains(where: { $0.matches(event, text: text, now: nil) }) { return run }
        }
        return nil
    }

    private func startNextHandler(of session: SessionState) {
        guard let candidate = session.dispatch?.remaining.popFirst(), let event = session.dispatch?.event else {
            if let dispatch = session.dispatch {
                session.dispatch = nil
                finishEvent(dispatch.event, dispatch.hasFailed ? .failed : .handled)
            }
            return
        }
        let now = now
        let record = RunRecord(
            id: runIDs.next(at: now), event: event.id, session: session.key, script: candidate.script.sources.script,
            version: candidate.script.sources.version, handler: candidate.handler.identity, startedAt: now)
        let run = Run(
            record: record, home: session, script: candidate.script, handler: candidate.handler, trigger: event)
        add(run)
        session.executing = run.id
        ports.observer.detail(.runStarted(record, event.event))
        let start = RunStart(run: run.id, handler: candidate.handler.index, event: event, at: now)
        proceed(run, candidate.script.instance.start(start))
    }

    /// A waiting run takes the event; nobody else gets it.
    private func resume(_ run: Run, with event: AdmittedEvent) {
        guard case .waiting(_, let step) = run.state else { return }
        finishEvent(event, .handled)
        run.home.waiting.removeAll { $0 == run.id }
        run.home.executing = run.id
        settle(run, step: step, StepOutcome(result: .event(event), at: now, session: event.event.session))
    }

    /// Typing and presence: for a run that waits for it at once, for handlers only after it has been admitted.
    func receiveEphemeral(_ event: Event, _ body: EventBody) {
        let text = FoldedText(event.message?.text ?? "")
        if let session = sessions[event.sessionID], session.executing == nil,
            let run = waitingRun(for: event, text: text, of: session)
        {
            resume(run, with: AdmittedEvent(id: EventID(rawValue: 0), event: event, body: body, admittedAt: now))
            advance(session)
        } else if !router.handlers(for: event, text: text, now: now).isEmpty {
            ports.admitEphemeral(event)
        }
    }

    /// A deadline has come. It takes its turn in the session like an event, ahead of those that still queue.
    func wake(_ due: WakeUps.WakeUp) {
        guard let run = runs[due.run], case .waiting(_, due.step) = run.state else { return }
        run.home.due.append(DueWait(run: due.run, step: due.step, reason: "timeout"))
        advance(run.home)
    }

    /// A session that is closed, or that a human takes over, leaves nobody to answer what runs wait for.
    private func endWaits(of session: SessionState, because event: Event) {
        let reason: String
        switch event.name {
        case "session.closed": reason = "closed"
        case "session.assigned" where event.session?.owner == .operator: reason = "transferred"
        default: return
        }
        for id in session.waiting {
            guard let run = runs[id], case .waiting(let wait, let step) = run.state, !wait.events.isEmpty else {
                continue
            }
            session.due.append(DueWait(run: id, step: step, reason: reason))
        }
    }

    private func endWait(_ due: DueWait, of session: SessionState) {
        guard let run = runs[due.run], case .waiting(let wait, due.step) = run.state else { return }
        session.waiting.removeAll { $0 == run.id }
        session.executing = run.id
        let result: StepOutcome.Result = wait.events.isEmpty ? .value(.null) : .none(reason: due.reason)
        settle(run, step: due.step, StepOutcome(result: result, at: now))
    }
}
