extension Lane {
    /// Takes over what an earlier process left.
    func recover(_ recovery: LaneMessage.Recovery) {
        retired = recovery.retired
        paused = recovery.paused
        sleepers.add(recovery.asleep)
        timetable.leaveFarOnesToJournal()
        rebuild(recovery.interrupted, older: recovery.older)
    }

    /// Rebuilds runs by executing their handlers with the recorded outcomes.
    func rebuild(_ recovered: RecoveredRuns, older: [ScriptSources]) {
        let sources = Dictionary(older.map { ($0.version, $0) }, uniquingKeysWith: { first, _ in first })
        for damaged in recovered.damaged where runs[damaged.record.id] == nil {
            abandon(damaged.record, triggerIsFinished: damaged.triggerIsFinished, damaged.reason)
        }
        for recordedRun in recovered.runs where runs[recordedRun.record.id] == nil {
            let record = recordedRun.record
            guard let script = loaded(record.version) ?? sources[record.version].flatMap({ try? load($0) }) else {
                abandon(
                    record, triggerIsFinished: recordedRun.triggerIsFinished,
                    "its version \(record.version) of \(record.script) can no longer be loaded")
                continue
            }
            guard let handler = script.instance.handlers.first(where: { $0.identity == record.handler }) else {
                abandon(
                    record, triggerIsFinished: recordedRun.triggerIsFinished,
                    "\(record.script) has no handler \(record.handler)")
                freeIfOld(script)
                continue
            }
            rebuild(recordedRun, script, handler)
        }
        for key in Set(recovered.runs.map(\.record.session)) {
            guard let session = sessions[key] else { continue }
            let begun = Dictionary(
                recovered.runs.map { ($0.record.id, $0.steps.last?.step.at ?? $0.record.startedAt) },
                uniquingKeysWith: { first, _ in first })
            let now = now
            session.waiting.sort { (begun[$0] ?? now) < (begun[$1] ?? now) }
            advance(session)
        }
    }

    private func loaded(_ version: String) -> LoadedScript? {
        version == OptOutReply.version ? optOutScript : versions[version]
    }

    private func rebuild(_ recordedRun: RecordedRun, _ script: LoadedScript, _ handler: HandlerDescriptor) {
        let session = session(recordedRun.record.session)
        let run = Run(
            record: recordedRun.record, home: session, script: script, handler: handler, trigger: recordedRun.trigger,
            recorded: recordedRun.steps)
        run.isJournaled = true
        add(run)
        let other = session.executing
        session.executing = run.id
        if !recordedRun.triggerIsFinished {
            session.dispatch = Dispatch(event: recordedRun.trigger, remaining: remaining(after: run)[...])
        }
        let start = RunStart(
            run: run.id, handler: handler.index, event: recordedRun.trigger, at: recordedRun.record.startedAt,
            recordedSteps: recordedRun.steps.count)
        proceed(run, script.instance.start(start))
        // At most one run of a session was between two steps; a run that waits again gives its place back to that one.
        if session.executing == nil, let other, runs[other] != nil { session.executing = other }
    }

    /// The handlers that come after a run's own for the event that both are for.
    private func remaining(after run: Run) -> [Candidate] {
        let event = run.trigger.event
        let text = FoldedText(event.message?.text ?? "")
        guard run.handler.trigger == .event else { return [] }
        let all = router.handlers(for: event, text: text, now: run.record.startedAt)
        guard
            let position = all.firstIndex(where: {
                $0.script.sources.script == run.record.script && $0.handler.identity == run.record.handler
            })
        else {
            // The newest version lacks the handler: what certainly came after it still gets the event.
            return accepted(all.filter { $0.handler.priority < run.handler.priority }, run.trigger)
        }
        return accepted(Array(all[(position + 1)...]), run.trigger)
    }

    /// A run that cannot be rebuilt is kept for the ops team; its session goes on.
    private func abandon(_ run: RunRecord, triggerIsFinished: Bool, _ reason: String) {
        let message = "run \(run.id) of \(run.script) (\(run.handler)) cannot be continued: \(reason)"
        ports.observer.notify(.replayDiffered(run, message))
        wakeBroadcasts(for: run.session)
        record(.finishRun(run.id, RunEnd(state: .dead, error: message, at: now, endsWait: triggerIsFinished)))
        bury(
            DeadLetter(
                run: run.id, event: run.event, session: run.session, script: run.script, error: message, at: now))
        ports.metrics.ended(RunEnd.State.dead)
        guard !triggerIsFinished else { return }
        record(.finishEvent(run.event, .failed))
        ports.metrics.ended(EventEnd.failed)
    }

    /// Compares a replayed step with its recording and goes on with the recorded outcome, where there is one.
    func replay(_ recorded: RecordedStep, _ request: StepRequest, of run: Run) -> RunProgress? {
        let step = recorded.step
        guard step.kind == request.kind, step.digest == request.digest else {
            run.conclusion = nil
            differ(
                run,
                "step \(step.number) was recorded as \(step.kind)\(step.arguments.text) at \(step.location), "
                    + "but the handler now asks for \(request.kind)\(request.arguments.text) at \(request.location)")
            return nil
        }
        if let outcome = recorded.outcome {
            run.size.add(step.arguments.bytes.count + outcome.size)
            run.take(outcome.session)
            run.lastCrossing = outcome.at
            if case .none(let reason) = outcome.result, let retirement = Retirement(reason: reason) {
                noteRetirement(retirement, of: run)
            }
            if conclude(run) { return nil }
            return run.script.instance.resume(run.id, with: outcome)
        }
        continueInterrupted(step, request, of: run)
        return nil
    }

    /// The last recorded step has no outcome: the host went down between the two.
    private func continueInterrupted(_ step: StepRecord, _ request: StepRequest, of run: Run) {
        run.size.add(step.arguments.bytes.count)
        run.asking = (step.kind, step.location)
        run.endReplay()
        switch request.action {
        case .wait(let wait): beginWaiting(run, wait, deadline: step.deadline)
        case .channel(let effect):
            run.state = .performing(step: run.step)
            deliverNow(delivery(of: effect, request, of: run, intendedAt: step.at, isInDoubt: true))
        case .host(.store(let operation)):
            // Never happens with a journal that commits both together; if it did, nothing has been stored.
            run.state = .performing(step: run.step)
            recordStore(step, operation)
        case .host(.ledger(let operation)):
            run.state = .performing(step: run.step)
            recordLedger(step, operation)
        case .host(.http(let outbound)):
            run.state = .performing(step: run.step)
            fetchNow(
                LaneFetch(
                    run: run.id, step: run.step, request: outbound, key: "\(run.id)-\(run.step)", isInDoubt: true))
        }
    }

    /// The intent is committed already, so that nothing needs to be awaited.
    private func deliverNow(_ delivery: LaneDelivery) { ports.deliver(delivery) }
    private func fetchNow(_ fetch: LaneFetch) { ports.fetch(fetch) }
}
