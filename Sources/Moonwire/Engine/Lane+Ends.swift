extension Lane {
    /// The handler returned.
    func finish(_ run: Run, stops: Bool) {
        if run.step < run.recorded.count {
            differ(
                run,
                "the journal recorded step \(run.step + 1) (\(run.recorded[run.step].step.kind) at "
                    + "\(run.recorded[run.step].step.location)), but the handler now ends before it")
            return
        }
        let end = RunEnd(state: .done, stops: stops, at: now)
        if run.isJournaled { record(.finishRun(run.id, end)) }
        if let tick = run.tick { recordEnd(of: tick, .ran) }
        ports.metrics.ended(end.state)
        ports.observer.detail(.runEnded(run.record, end))
        leave(run, stops: stops, failed: false)
    }

    /// The script failed. Its own error handler goes on with the run; without one the host does what is right for the
    /// client: the failure is kept for the ops team and, where the bot was in charge, a human takes over.
    func fail(_ run: Run, _ failure: ScriptFailure) -> RunProgress? {
        if failure.kind != .killed, !run.isHandlingFailure {
            run.isHandlingFailure = true
            if let progress = run.script.instance.handleFailure(of: run.id, failure, at: run.lastCrossing) {
                return progress
            }
        }
        ports.observer.notify(.scriptFailed(run.record, failure))
        guard failure.kind != .killed || run.retirement == .handsOver, let handover = handover(of: run) else {
            end(run, failure)
            return nil
        }
        run.conclusion = .failed(failure)
        return .suspended(handover)
    }

    /// A run whose version has left service gives its session to humans when it has said what it had to say.
    func farewell(of run: Run, stops: Bool) -> StepRequest? {
        guard run.retirement == .handsOver, let handover = handover(of: run) else { return nil }
        run.conclusion = .finished(stops: stops)
        return handover
    }

    /// What gives the run's session to humans, where the bot is in charge of it.
    private func handover(of run: Run) -> StepRequest? {
        guard run.conclusion == nil, let session = run.session, session.owner == .bot,
            ports.channels[session.id.channel]?.capabilities.contains("transfer") == true
        else { return nil }
        return StepRequest(
            kind: "host:handover", action: .channel(.transfer(ChannelEffect.Transfer(target: .queue))),
            session: session.id, arguments: .emptyObject, location: run.handler.location)
    }

    /// Ends a run of which only the handover was left. `false` for any other.
    func conclude(_ run: Run) -> Bool {
        switch run.conclusion {
        case nil: return false
        case .failed(let failure): end(run, failure)
        case .finished(let stops): finish(run, stops: stops)
        }
        return true
    }

    /// Ends a failed run.
    func end(_ run: Run, _ failure: ScriptFailure) {
        close(run, RunEnd(state: .failed, error: failure.description, at: now))
    }

    /// A replay that differs from its recording stops the run; the session goes on.
    func differ(_ run: Run, _ explanation: String) {
        let message =
            "run \(run.id) of \(run.record.script) (\(run.record.handler)) cannot go on as recorded: \(explanation). "
            + "A handler must do the same with the same outcomes: look for file-level variables that it writes"
        ports.observer.notify(.replayDiffered(run.record, message))
        close(run, RunEnd(state: .dead, error: message, at: now))
    }

    private func close(_ run: Run, _ end: RunEnd) {
        let end = RunEnd(state: end.state, error: end.error, at: end.at, endsWait: run.hasOpenWait)
        recordRun(run)
        record(.finishRun(run.id, end))
        if let tick = run.tick {
            recordEnd(of: tick, .failed, end.error?.split(separator: "\n").first.map(String.init))
        }
        bury(
            DeadLetter(
                run: run.id, event: run.trigger.id, session: run.record.session, script: run.record.script,
                error: end.error ?? "", at: now))
        ports.metrics.ended(end.state)
        run.script.instance.drop(run.id)
        ports.observer.detail(.runEnded(run.record, end))
        leave(run, stops: false, failed: true)
    }

    /// Takes the run out of its session and lets the session go on.
    func leave(_ run: Run, stops: Bool, failed: Bool) {
        runs[run.id] = nil
        wakeBroadcasts(for: run.record.session)
        run.state = .executing
        run.script.runCount -= 1
        freeIfOld(run.script)
        let session = run.home
        if session.executing == run.id { session.executing = nil }
        session.waiting.removeAll { $0 == run.id }
        if session.dispatch?.event.id == run.trigger.id {
            if failed { session.dispatch?.hasFailed = true }
            if stops { session.dispatch?.remaining = [] }
        }
    }
}
