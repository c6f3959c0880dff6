extension Lane {
    private static let mostHeldEphemerals = 256

    /// The run gives its place in the session away. A run that waits has taken its event: no further handler sees it.
    func beginWaiting(_ run: Run, _ wait: Wait, deadline: Instant?) {
        run.state = .waiting(wait, step: run.step, deadline: deadline)
        let session = run.home
        session.executing = nil
        session.waiting.append(run.id)
        if let dispatch = session.dispatch, dispatch.event.id == run.trigger.id {
            session.dispatch = nil
            finishEvent(dispatch.event, .handled)
        }
        if let deadline { timetable.add(Deadline(at: deadline, run: run.id, session: session.digest)) }
        doze(session)
        leaveIfReplaced(run)
        makeRoom(in: run.script)
    }

    /// When a wait ends by itself, and never after the dialog around it.
    func deadline(of wait: Wait, from now: Instant) -> Instant? {
        [wait.timeout.map { now + $0 }, wait.dialog?.expiresAt].compactMap(\.self).min()
    }

    func waitingRun(for event: Event, text: FoldedText, of session: SessionState) -> Run? {
        for id in session.waiting {
            guard let run = runs[id], case .waiting(let wait, _, _) = run.state else { continue }
            if wait.events.contains(where: { $0.matches(event, text: text, now: nil) }) { return run }
        }
        return nil
    }

    /// Whether the peer says a word that ends a dialog, or begins it anew.
    func dialogWord(in event: Event, text: FoldedText, of session: SessionState) -> DueWait? {
        guard !session.waiting.isEmpty, event.name == "message.created", Peer.isPeer(event.from, on: event.role)
        else { return nil }
        for id in session.waiting {
            guard let run = runs[id], case .waiting(let wait, let step, _) = run.state, let dialog = wait.dialog
            else { continue }
            if text.isOne(of: dialog.cancel) {
                return DueWait(run: id, step: step, end: .reason(WaitReason.cancelled(by: text.original)))
            }
            if text.isOne(of: dialog.restart) { return DueWait(run: id, step: step, end: .restart) }
        }
        return nil
    }

    /// A waiting run takes the event; nobody else gets it.
    func resume(_ run: Run, with event: AdmittedEvent) {
        guard case .waiting(_, let step, _) = run.state else { return }
        finishEvent(event, .handled)
        run.home.waiting.removeAll { $0 == run.id }
        run.home.executing = run.id
        settle(run, step: step, StepOutcome(result: .event(event), at: now, session: event.event.session))
    }

    /// Typing and presence: for a run that waits for it at once, for handlers only after it has been admitted.
    func receiveEphemeral(_ event: Event, _ body: EventBody) {
        guard !paused.contains(event.sessionID) else { return }
        let digest = SessionDigest(event.sessionID)
        if sleepers.hold(digest) {
            sleepers.call(digest, for: event.sessionID)
            heldEphemerals.append((event, body))
            if heldEphemerals.count > Self.mostHeldEphemerals { heldEphemerals.removeFirst() }
            return
        }
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
    func wake(_ due: Deadline) {
        if sleepers.hold(due.session) { sleepers.call(due.session) }
        guard let run = runs[due.run], case .waiting(let wait, let step, due.at) = run.state else { return }
        let hasExpired = wait.dialog?.expiresAt.map { $0 <= due.at } ?? false
        run.home.due.append(
            DueWait(run: due.run, step: step, end: .reason(hasExpired ? "expired" : "timeout")))
        advance(run.home)
    }

    /// A session that is closed or lost, or that a human takes over, leaves nobody to answer what runs wait for.
    func endWaits(of session: SessionState, because event: Event, except taker: Run? = nil) {
        guard let reason = endReason(of: event) else { return }
        for id in session.waiting where id != taker?.id {
            guard let run = runs[id], case .waiting(let wait, let step, _) = run.state, !wait.events.isEmpty else {
                continue
            }
            session.due.append(DueWait(run: id, step: step, end: .reason(reason)))
        }
    }

    /// Why an event ends what waits in its session, if it does.
    func endReason(of event: Event) -> String? {
        switch event.name {
        case "session.closed": "closed"
        case "session.lost", PanelEvent.handover: "transferred"
        case "session.assigned" where event.session?.owner == .operator: "transferred"
        default: nil
        }
    }

    func endWait(_ due: DueWait, of session: SessionState) {
        guard let run = runs[due.run], case .waiting(let wait, due.step, _) = run.state else { return }
        switch due.end {
        case .restart: restart(run)
        case .retired:
            let retirement = retirement(of: run, wait)
            noteRetirement(retirement, of: run)
            end(run, step: due.step, .none(reason: retirement.reason))
        case .reason(let reason):
            end(run, step: due.step, wait.events.isEmpty && reason == "timeout" ? .value(.null) : .none(reason: reason))
        }
    }

    private func end(_ run: Run, step: Int, _ result: StepOutcome.Result) {
        run.home.waiting.removeAll { $0 == run.id }
        run.home.executing = run.id
        settle(run, step: step, StepOutcome(result: result, at: now))
    }

    /// Ends a waiting run and begins its handler anew with the same event, on the newest version that has it.
    private func restart(_ run: Run) {
        let candidate = successor(of: run) ?? Candidate(script: run.script, handler: run.handler)
        record(.finishRun(run.id, RunEnd(state: .done, at: now, endsWait: true)))
        run.script.instance.drop(run.id)
        // Its place is kept, so that the version is not freed in between.
        candidate.script.runCount += 1
        leave(run, stops: false, failed: false)
        start(candidate, with: run.trigger, in: run.home)
        candidate.script.runCount -= 1
        freeIfOld(candidate.script)
    }

    /// The run's handler in the version that new runs begin on.
    func successor(of run: Run) -> Candidate? {
        guard let script = current.first(where: { $0.sources.script == run.record.script }),
            let handler = script.instance.handlers.first(where: { $0.identity == run.record.handler })
        else { return nil }
        return Candidate(script: script, handler: handler)
    }
}
