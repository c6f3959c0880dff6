/// Loads scripts for a rehearsal.
struct RehearsalLoader: ScriptLoader {
    let loader: any ScriptLoader
    let stage: RehearsalStage

    func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
        RehearsedScript(try loader.instantiate(sources), stage)
    }
}

/// A script on the stage. A run that was recorded gets the recorded run's number, beginning and times, because its
/// random numbers and its clock follow from them.
private final class RehearsedScript: ScriptInstance {
    private let instance: any ScriptInstance
    private let stage: RehearsalStage
    /// The script's own numbers of the lane's runs.
    private var numbers: [RunID: RunID] = [:]

    init(_ instance: any ScriptInstance, _ stage: RehearsalStage) {
        self.instance = instance
        self.stage = stage
    }

    var sources: ScriptSources { instance.sources }
    var handlers: [HandlerDescriptor] { instance.handlers }
    /// A rehearsal keeps all its runs in memory: there is no journal that would bring them back.
    var isShortOfMemory: Bool { false }
    var hasDialogsThatLeave: Bool { instance.hasDialogsThatLeave }

    func reclaimMemory() {}

    func accepts(_ handler: Int, _ event: AdmittedEvent, now: Instant) throws(ScriptFailure) -> Bool {
        try instance.accepts(handler, event, now: now)
    }

    func start(_ start: RunStart) -> RunProgress {
        let handler = handlers.indices.contains(start.handler) ? handlers[start.handler].identity : ""
        let recorded = stage.begin(start.run, HandlerKey(script: sources.script, handler: handler), start.event)
        // A number that no recorded run has.
        let number = recorded?.id ?? RunID(rawValue: ~start.run.rawValue)
        numbers[start.run] = number
        return tell(
            start.run,
            instance.start(
                RunStart(
                    run: number, handler: start.handler, event: start.event, at: recorded?.startedAt ?? start.at,
                    recordedSteps: .max)))
    }

    func resume(_ run: RunID, with outcome: StepOutcome) -> RunProgress {
        guard let outcome = stage.recordedForm(of: outcome, for: run) else {
            return .failed(ScriptFailure(kind: .killed, message: "the recording has no outcome for the step"))
        }
        return tell(run, instance.resume(number(of: run), with: outcome))
    }

    func handleFailure(of run: RunID, _ failure: ScriptFailure, at: Instant) -> RunProgress? {
        instance.handleFailure(of: number(of: run), failure, at: at).map { tell(run, $0) }
    }

    func drop(_ run: RunID) {
        instance.drop(number(of: run))
        numbers[run] = nil
    }

    private func number(of run: RunID) -> RunID { numbers[run] ?? run }

    private func tell(_ run: RunID, _ progress: RunProgress) -> RunProgress {
        switch progress {
        case .suspended(let request): return .suspended(stage.ask(request, of: run))
        case .finished:
            numbers[run] = nil
            return progress
        case .failed: return progress
        }
    }
}
