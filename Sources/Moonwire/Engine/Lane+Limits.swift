extension Lane {
    /// What keeps a run from taking one more step.
    func excess(of run: Run, at request: StepRequest) -> ScriptFailure? {
        let settings = ports.settings
        if run.step > settings.maxSteps {
            return ScriptFailure(
                kind: .killed,
                message:
                    "\(request.location): the run has taken \(settings.maxSteps) steps, its limit; end the handler "
                    + "or raise the limit")
        }
        if run.retiredWaits > 3 {
            return ScriptFailure(
                kind: .killed,
                message: "\(request.location): version \(run.record.version) has been retired, and the run goes on "
                    + "waiting; let it end when a wait returns nil, \"retired\"")
        }
        let size = run.size.bytes + request.arguments.bytes.count
        if size > settings.runLimit {
            return ScriptFailure(
                kind: .killed,
                message: "\(request.location): the run's steps hold \(spelledBytes(size)), more than the "
                    + "\(spelledBytes(settings.runLimit)) that a run may (engine.run_size). A run keeps every outcome, "
                    + "because it may be rebuilt from them: ask for less, or end the run and begin another")
        }
        if run.size.reaches(warningFor: settings.runLimit) {
            warn(
                run,
                "its steps hold \(spelledBytes(run.size.bytes)) of the \(spelledBytes(settings.runLimit)) that a run "
                    + "may (engine.run_size)")
        }
        return nil
    }

    /// An outcome that is too large to keep becomes a failure of its step.
    func limited(_ outcome: StepOutcome, of run: Run) -> StepOutcome {
        guard case .value(let value) = outcome.result else { return outcome }
        let (size, limit) = (value.bytes.count, ports.settings.outcomeLimit)
        if size > limit {
            let failure = EffectFailure(
                code: "too_large",
                message: "\(run.asking.kind) brought \(spelledBytes(size)), more than the \(spelledBytes(limit)) that "
                    + "a step may (engine.outcome_size); it has been done, but its result is not kept. Ask for less")
            return StepOutcome(result: .failure(failure), at: outcome.at, session: outcome.session)
        }
        if size > limit / 5 * 4 {
            warn(
                run,
                "\(run.asking.kind) at \(run.asking.location) brought \(spelledBytes(size)) of the "
                    + "\(spelledBytes(limit)) that a step may (engine.outcome_size)")
        }
        return outcome
    }

    private func warn(_ run: Run, _ message: String) {
        ports.observer.notify(.runGrows(run.record, message))
    }
}
