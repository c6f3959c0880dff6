/// Executes a recorded run again with its recorded outcomes, as far as they go or until it does something else.
/// Performs no effect and writes nothing.
public struct RunReplay {
    public enum End: Sendable {
        /// The run asks for what was recorded last, which has no outcome, or for what was not recorded yet.
        case suspended(StepRequest, number: Int)
        /// It ends as recorded.
        case ended
        case differs(Difference)
    }

    /// A step that is not the recorded one.
    public struct Difference: Sendable, CustomStringConvertible {
        /// The step's number, from 1.
        public let number: Int
        /// What the journal recorded, as the end of a sentence: a step with `file:line`, or the run's end.
        public let recorded: String
        /// What the run does now, likewise.
        public let now: String

        public init(number: Int, recorded: String, now: String) {
            self.number = number
            self.recorded = recorded
            self.now = now
        }

        public var description: String {
            "at step \(number) the journal recorded \(recorded), but rebuilt with the same outcomes the run now \(now)"
        }
    }

    private let run: RunLife
    private let instance: any ScriptInstance
    private let maxSteps: Int
    private var number = 0
    private var isHandlingFailure = false
    private var at: Instant

    /// - Parameter instance: A fresh one of the run's own version; it must not be used for another run.
    public init(_ run: RunLife, in instance: any ScriptInstance, maxSteps: Int = EngineSettings().maxSteps) {
        self.run = run
        self.instance = instance
        self.maxSteps = maxSteps
        at = run.record.startedAt
    }

    public mutating func execute() -> End {
        guard let trigger = run.trigger, run.isWhole else {
            return differs("events that retention has taken since", "cannot be rebuilt")
        }
        guard let handler = instance.handlers.first(where: { $0.identity == run.record.handler }) else {
            return differs("a run of \(run.record.handler)", "has no such handler in \(run.record.script)")
        }
        let start = RunStart(
            run: run.record.id, handler: handler.index, event: trigger, at: run.record.startedAt,
            recordedSteps: run.steps.count)
        var progress = instance.start(start)
        while true {
            switch progress {
            case .suspended(let request):
                number += 1
                switch compare(request) {
                case .failure(let end): return end
                case .success(let outcome): progress = instance.resume(run.record.id, with: outcome)
                }
            case .failed(let failure):
                if failure.kind != .killed, !isHandlingFailure {
                    isHandlingFailure = true
                    if let next = instance.handleFailure(of: run.record.id, failure, at: at) {
                        progress = next
                        continue
                    }
                }
                return conclude("fails: \(failure.message)", failed: true)
            case .finished: return conclude("ends", failed: false)
            }
        }
    }

    private enum Comparison {
        case success(StepOutcome)
        case failure(End)
    }

    private mutating func compare(_ request: StepRequest) -> Comparison {
        let asked = "asks for \(request.kind)\(request.arguments.text) at \(request.location)"
        guard let recorded = recorded(number) else {
            switch run.end?.state {
            // The host itself ends a run in between, or has not come further yet.
            case nil, .dead?: return .failure(.suspended(request, number: number))
            case .failed? where number > maxSteps: return .failure(.ended)
            case .failed?:
                return .failure(differs("that the run failed (\(firstLine(run.end?.error ?? "")))", asked))
            case .done?: return .failure(differs("the run's end", asked))
            }
        }
        guard recorded.step.kind == request.kind, recorded.step.digest == request.digest else {
            return .failure(differs(Self.spelled(recorded.step), asked))
        }
        guard let outcome = recorded.outcome else { return .failure(.suspended(request, number: number)) }
        at = outcome.at
        return .success(outcome)
    }

    /// The handler has come to its end; what is left may be the host's own step, which hands the session over.
    private mutating func conclude(_ what: String, failed: Bool) -> End {
        if recorded(number + 1)?.step.kind == "host:handover" { number += 1 }
        if let next = recorded(number + 1) {
            number += 1
            return differs(Self.spelled(next.step), what)
        }
        if failed, run.end?.state == .done { return differs("that the run ended well", what, after: 1) }
        if !failed, run.end?.state == .failed {
            return differs("that the run failed (\(firstLine(run.end?.error ?? "")))", what, after: 1)
        }
        return .ended
    }

    private func differs(_ recorded: String, _ now: String, after: Int = 0) -> End {
        .differs(Difference(number: max(number + after, 1), recorded: recorded, now: now))
    }

    private func recorded(_ number: Int) -> RecordedStep? {
        run.steps.indices.contains(number - 1) ? run.steps[number - 1] : nil
    }

    private static func spelled(_ step: StepRecord) -> String {
        "\(step.kind)\(step.arguments.text) at \(step.location)"
    }

    private func firstLine(_ text: String) -> Substring { text.prefix { !$0.isNewline } }
}
