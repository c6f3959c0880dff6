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
        notePause(event.event, of: session)
        noteClient(event.event, of: session)
        session.queue.append(QueuedEvent(admitted: event, finishedHandlers: pending.finishedHandlers))
        advance(session)
    }

    /// Takes a session on as far as it goes without an outcome.
    func advance(_ session: SessionState) {
        while session.executing == nil, !isDraining {
            let isPaused = paused.contains(session.key)
            if session.dispatch != nil {
                startNextHandler(of: session)
            } else if isPaused, let first = session.queue.first, !SessionPause.letsThrough(first.admitted.event) {
                _ = session.queue.popFirst()
                keepOut(first, of: session)
            } else if !isPaused && !session.due.isEmpty || !session.queue.isEmpty, sleepers.hold(session.digest) {
                sleepers.call(session.digest, for: session.key)
                return
            } else if !isPaused, let due = session.due.first {
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

    /// Who gets the event: a command, the words of a waiting dialog, the run that waits for it, or the handlers by
    /// priority.
    private func route(_ queued: QueuedEvent, of session: SessionState) {
        let event = queued.admitted
        if optsOut(queued, of: session) { return }
        let text = FoldedText(event.event.message?.text ?? "")
        let commands = accepted(router.commands(for: event.event, text: text, now: now), event)
        if !commands.isEmpty {
            begin(Array(commands.prefix(1)), for: queued, of: session)
            return
        }
        if let word = dialogWord(in: event.event, text: text, of: session) {
            finishEvent(event, .handled)
            endWait(word, of: session)
            return
        }
        if let waiting = waitingRun(for: event.event, text: text, of: session) {
            endWaits(of: session, because: event.event, except: waiting)
            resume(waiting, with: event)
            return
        }
        endWaits(of: session, because: event.event)
        let handlers = accepted(router.handlers(for: event.event, text: text, now: now), event)
        if handlers.isEmpty {
            finishEvent(event, .unmatched)
            if !BroadcastChange.isTold(by: event.event) { ports.observer.detail(.unmatched(event.event)) }
        } else {
            begin(handlers, for: queued, of: session)
        }
    }

    func begin(_ candidates: [Candidate], for queued: QueuedEvent, of session: SessionState) {
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
                bury(
                    DeadLetter(
                        run: nil, event: event.id, session: event.event.sessionID,
                        script: candidate.script.sources.script, error: error.description, at: now))
                return false
            }
        }
    }

    private func startNextHandler(of session: SessionState) {
        guard let candidate = session.dispatch?.remaining.popFirst(), let event = session.dispatch?.event else {
            if let dispatch = session.dispatch {
                session.dispatch = nil
                finishEvent(dispatch.event, dispatch.hasFailed ? .failed : .handled)
            }
            return
        }
        start(candidate, with: event, in: session)
    }

    /// Begins a run.
    func start(_ candidate: Candidate, with event: AdmittedEvent, in session: SessionState) {
        let now = now
        let record = RunRecord(
            id: runIDs.next(at: now), event: event.id, session: session.key, script: candidate.script.sources.script,
            version: candidate.script.sources.version, handler: candidate.handler.identity, startedAt: now)
        let run = Run(
            record: record, home: session, script: candidate.script, handler: candidate.handler, trigger: event)
        add(run)
        session.executing = run.id
        if let tick = run.tick { self.record(.job(.started(tick, run.id, at: now))) }
        ports.metrics.runStarted()
        ports.observer.detail(.runStarted(record, event.event))
        let start = RunStart(run: run.id, handler: candidate.handler.index, event: event, at: now)
        proceed(run, candidate.script.instance.start(start))
    }
}
