import EventJSON

/// A loader for development that proves, at every step of every run, that the run could be rebuilt.
///
/// After each step it loads the same sources into a fresh state, replays the run there with the outcomes so far and
/// compares what it asks for. A difference is reported, once for each run, and the live run goes on. The time this
/// takes grows with the square of a run's steps, so steps beyond `mostSteps` are not looked at; neither are ends that
/// depend on the machine, such as a spent CPU budget.
public struct ReplayCheckingLoader: ScriptLoader {
    private let loader: any ScriptLoader
    private let rebuilding: any ScriptLoader
    private let mostSteps: Int
    private let report: @Sendable (ReplayDifference) -> Void

    /// - Parameters:
    ///   - loader: makes the instances that run.
    ///   - rebuilding: makes those that runs are rebuilt in. What they log is said for the second time.
    ///   - report: called on the lane's thread; must return at once.
    public init(
        _ loader: any ScriptLoader, rebuilding: any ScriptLoader, mostSteps: Int = 200,
        report: @escaping @Sendable (ReplayDifference) -> Void
    ) {
        self.loader = loader
        self.rebuilding = rebuilding
        self.mostSteps = mostSteps
        self.report = report
    }

    public func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
        ReplayCheckingInstance(
            try loader.instantiate(sources), rebuilding: rebuilding, mostSteps: mostSteps, report: report)
    }
}

/// Passes everything on to the instance that runs, and keeps what went in and what came out of each run.
private final class ReplayCheckingInstance: BroadcastScript {
    private let instance: any ScriptInstance
    private let rebuilding: any ScriptLoader
    private let mostSteps: Int
    private let report: @Sendable (ReplayDifference) -> Void
    private var histories: [RunID: RunHistory] = [:]

    init(
        _ instance: any ScriptInstance, rebuilding: any ScriptLoader, mostSteps: Int,
        report: @escaping @Sendable (ReplayDifference) -> Void
    ) {
        self.instance = instance
        self.rebuilding = rebuilding
        self.mostSteps = mostSteps
        self.report = report
    }

    var sources: ScriptSources { instance.sources }
    var handlers: [HandlerDescriptor] { instance.handlers }
    var isShortOfMemory: Bool { instance.isShortOfMemory }
    var hasDialogsThatLeave: Bool { instance.hasDialogsThatLeave }

    var broadcasts: [BroadcastPlan] { (instance as? any BroadcastScript)?.broadcasts ?? [] }

    func message(of broadcast: String, to row: JSONObject, now: Instant) throws(ScriptFailure) -> BroadcastMessage {
        guard let script = instance as? any BroadcastScript else {
            throw ScriptFailure(kind: .killed, message: "the script registers no broadcasts")
        }
        return try script.message(of: broadcast, to: row, now: now)
    }

    func reclaimMemory() {
        instance.reclaimMemory()
    }

    func accepts(_ handler: Int, _ event: AdmittedEvent, now: Instant) throws(ScriptFailure) -> Bool {
        try instance.accepts(handler, event, now: now)
    }

    func start(_ start: RunStart) -> RunProgress {
        histories[start.run] = RunHistory(start: start)
        return checked(instance.start(start), of: start.run)
    }

    func resume(_ run: RunID, with outcome: StepOutcome) -> RunProgress {
        histories[run]?.inputs.append(.outcome(outcome))
        return checked(instance.resume(run, with: outcome), of: run)
    }

    func handleFailure(of run: RunID, _ failure: ScriptFailure, at: Instant) -> RunProgress? {
        guard let progress = instance.handleFailure(of: run, failure, at: at) else { return nil }
        histories[run]?.inputs.append(.failure(failure, at: at))
        return checked(progress, of: run)
    }

    func drop(_ run: RunID) {
        histories[run] = nil
        instance.drop(run)
    }

    private func checked(_ progress: RunProgress, of run: RunID) -> RunProgress {
        guard var history = histories[run] else { return progress }
        history.moves.append(ReplayDifference.Move(progress))
        if isOver(history, progress) {
            histories[run] = nil
            return progress
        }
        histories[run] = history
        // The engine itself compares what the journal has recorded.
        if case .suspended = progress, history.steps(in: history.moves) <= history.start.recordedSteps {
            return progress
        }
        if let difference = history.difference(in: sources, handlers, rebuilding) {
            report(difference)
            histories[run] = nil
        } else if case .finished = progress {
            histories[run] = nil
        }
        return progress
    }

    private func isOver(_ history: RunHistory, _ progress: RunProgress) -> Bool {
        if case .failed(let failure) = progress, failure.dependsOnMachine { return true }
        return history.steps(in: history.moves) > mostSteps
    }
}

/// What went into a run, and what it did after each.
private struct RunHistory {
    enum Input {
        case outcome(StepOutcome)
        /// The script's own error handler was given a failure.
        case failure(ScriptFailure, at: Instant)
    }

    let start: RunStart
    var inputs: [Input] = []
    /// One more than the inputs, once the run has moved.
    var moves: [ReplayDifference.Move] = []

    func steps(in moves: some Sequence<ReplayDifference.Move>) -> Int {
        moves.count { if case .step = $0 { true } else { false } }
    }

    /// Rebuilds the run in a fresh state, and gives the first move that is another.
    func difference(
        in sources: ScriptSources, _ handlers: [HandlerDescriptor], _ loader: any ScriptLoader
    ) -> ReplayDifference? {
        guard let fresh = try? loader.instantiate(sources) else { return nil }
        var progress = fresh.start(
            RunStart(run: start.run, handler: start.handler, event: start.event, at: start.at, recordedSteps: .max))
        for (position, live) in moves.enumerated() {
            if case .failed(let failure) = progress, failure.dependsOnMachine { return nil }
            let rebuilt = ReplayDifference.Move(progress)
            guard live.matches(rebuilt) else {
                let handler = handlers.indices.contains(start.handler) ? handlers[start.handler] : nil
                return ReplayDifference(
                    run: start.run, script: sources.script, handler: handler?.identity ?? "",
                    location: handler?.location ?? sources.entry, step: steps(in: moves[..<position]) + 1, live: live,
                    rebuilt: rebuilt)
            }
            guard position < inputs.count else { return nil }
            switch inputs[position] {
            case .outcome(let outcome): progress = fresh.resume(start.run, with: outcome)
            case .failure(let failure, let at):
                guard let next = fresh.handleFailure(of: start.run, failure, at: at) else { return nil }
                progress = next
            }
        }
        return nil
    }
}

extension ScriptFailure {
    /// Whether it may come out otherwise another time although the script does the same.
    fileprivate var dependsOnMachine: Bool {
        switch kind {
        case .cpu, .memory, .killed: true
        case .syntax, .runtime: false
        }
    }
}
