extension Lane {
    func add(_ run: Run) {
        runs[run.id] = run
        run.script.runCount += 1
    }

    /// Goes on with a run after the script was started or resumed, until it ends or must wait for an outcome.
    func proceed(_ run: Run, _ progress: RunProgress) {
        var progress = progress
        while true {
            switch progress {
            case .finished(let stops):
                guard let farewell = farewell(of: run, stops: stops) else {
                    finish(run, stops: stops)
                    return
                }
                progress = .suspended(farewell)
            case .failed(let failure):
                guard let next = fail(run, failure) else { return }
                progress = next
            case .suspended(let request):
                guard let next = take(request, of: run) else { return }
                progress = next
            }
        }
    }

    /// Records a step's outcome and goes on with the run.
    func settle(_ run: Run, step: Int, _ given: StepOutcome, nativeID: String? = nil, isRecorded: Bool = false) {
        var outcome = given
        if !isRecorded {
            outcome = limited(given, of: run)
            record(
                .outcome(
                    OutcomeRecord(
                        run: run.id, number: step, outcome: outcome, nativeID: nativeID, endsWait: run.isWaiting)))
        }
        run.size.add(outcome.size)
        run.lastCrossing = outcome.at
        ports.observer.detail(.stepEnded(run.record, number: step, outcome))
        run.state = .executing
        run.take(outcome.session)
        if conclude(run) { return }
        proceed(run, run.script.instance.resume(run.id, with: outcome))
    }

    /// An outcome came back from a channel, the host's HTTP client or the journal.
    func finishStep(_ completion: StepCompletion) {
        guard let run = runs[completion.run], case .performing(let step) = run.state, step == completion.step else {
            return
        }
        if case .failure(let failure) = completion.outcome.result, failure.code == "unknown" {
            ports.observer.notify(.fateUnknown(run.record, number: step, failure.message))
        }
        settle(
            run, step: step, completion.outcome, nativeID: completion.nativeID, isRecorded: completion.isRecorded)
        advance(run.home)
    }

    /// Performs what the script asks for, or replays it. Returns the run's next progress when it is known at once.
    private func take(_ request: StepRequest, of run: Run) -> RunProgress? {
        run.step += 1
        if let recorded = run.recordedStep(run.step) { return replay(recorded, request, of: run) }
        run.endReplay()
        run.asking = (request.kind, request.location)
        // The host's own last step is not held against the run.
        if run.conclusion == nil, let excess = excess(of: run, at: request) { return .failed(excess) }
        ports.observer.detail(.stepped(run.record, request, number: run.step))
        if case .channel(let effect) = request.action, effect.speaks, let key = request.session,
            let stop = loop(of: run, in: key)
        {
            ports.observer.notify(.loopStopped(run.record))
            let failure = EffectFailure(code: "loop", message: stop)
            recordIntent(request, of: run, at: now)
            let outcome = StepOutcome(result: .failure(failure), at: now)
            record(.outcome(OutcomeRecord(run: run.id, number: run.step, outcome: outcome)))
            return run.script.instance.resume(run.id, with: outcome)
        }
        perform(request, of: run)
        return nil
    }

    /// Why one more message would make a loop; `nil` when it may go out.
    private func loop(of run: Run, in key: SessionID) -> String? {
        if let limit = ports.channels[key.channel]?.answersPerMinute {
            // What another channel or a provider brings is no answer, and bounded by whoever writes there.
            guard run.record.session.channel == key.channel else { return nil }
            if session(key).loopGuard.mayAnswer(at: now, limit: limit) { return nil }
            return "the loop guard stopped this session: channel '\(key.channel)' lets the bot answer "
                + "\(limit) times a minute, because the platform's automation may answer each of them"
        }
        if session(key).loopGuard.maySpeak(at: now) { return nil }
        return "the loop guard stopped this session: the bot sent more than "
            + "\(ports.settings.loopGuardLimit) messages in a minute and the other side hardly spoke"
    }

    private func perform(_ request: StepRequest, of run: Run) {
        let now = now
        switch request.action {
        case .wait(let wait):
            let deadline = deadline(of: wait, from: now)
            recordRun(run)
            record(.wait(stepRecord(request, of: run, at: now, deadline: deadline), in: run.record.session))
            beginWaiting(run, wait, deadline: deadline)
        case .channel(let effect):
            recordIntent(request, of: run, at: now)
            run.state = .performing(step: run.step)
            deliver(delivery(of: effect, request, of: run, intendedAt: now, isInDoubt: false))
        case .host(.store(let operation)):
            recordRun(run)
            run.state = .performing(step: run.step)
            recordStore(stepRecord(request, of: run, at: now, deadline: nil), operation)
        case .host(.ledger(let operation)):
            recordRun(run)
            run.state = .performing(step: run.step)
            recordLedger(stepRecord(request, of: run, at: now, deadline: nil), operation)
        case .host(.http(let outbound)):
            recordIntent(request, of: run, at: now)
            run.state = .performing(step: run.step)
            fetch(
                LaneFetch(
                    run: run.id, step: run.step, request: outbound, key: "\(run.id)-\(run.step)", isInDoubt: false))
        }
    }

    func delivery(
        of effect: ChannelEffect, _ request: StepRequest, of run: Run, intendedAt: Instant, isInDoubt: Bool
    ) -> LaneDelivery {
        LaneDelivery(
            run: run.id, step: run.step,
            delivery: EffectDelivery(
                effect: effect, session: request.session ?? run.record.session, key: "mw-\(run.id)-\(run.step)",
                intendedAt: intendedAt),
            isInDoubt: isInDoubt)
    }

    private func recordIntent(_ request: StepRequest, of run: Run, at now: Instant) {
        recordRun(run)
        record(.intent(stepRecord(request, of: run, at: now, deadline: nil)))
    }

    /// Writes the run's row before its first step.
    func recordRun(_ run: Run) {
        guard !run.isJournaled else { return }
        run.isJournaled = true
        record(.startRun(run.record))
    }

    private func stepRecord(_ request: StepRequest, of run: Run, at now: Instant, deadline: Instant?) -> StepRecord {
        run.size.add(request.arguments.bytes.count)
        return StepRecord(
            run: run.id, number: run.step, kind: request.kind, session: request.session, digest: request.digest,
            arguments: request.arguments, location: request.location, at: now, deadline: deadline)
    }
}
