/// A run that does something else when it is rebuilt from what the journal would hold of it.
public struct ReplayDifference: Sendable, CustomStringConvertible {
    /// What a run does next.
    public enum Move: Sendable, CustomStringConvertible {
        /// Asks for a step; the arguments as the journal shows them, and `file:line` of the call.
        case step(kind: String, arguments: String, digest: UInt64, location: String)
        case finished(stops: Bool)
        case failed(ScriptFailure)

        init(_ progress: RunProgress) {
            switch progress {
            case .finished(let stops): self = .finished(stops: stops)
            case .failed(let failure): self = .failed(failure)
            case .suspended(let request):
                self = .step(
                    kind: request.kind, arguments: request.arguments.text, digest: request.digest,
                    location: request.location)
            }
        }

        /// Whether a replay would take the one for the other.
        func matches(_ other: Move) -> Bool {
            switch (self, other) {
            case (.step(let kind, _, let digest, _), .step(let otherKind, _, let otherDigest, _)):
                kind == otherKind && digest == otherDigest
            case (.finished(let stops), .finished(let otherStops)): stops == otherStops
            case (.failed(let failure), .failed(let other)):
                failure.kind == other.kind && failure.message == other.message
            default: false
            }
        }

        public var description: String {
            switch self {
            case .step(let kind, let arguments, _, let location): "asks for \(kind)\(arguments) at \(location)"
            case .finished(let stops): stops ? "ends with bot.stop" : "ends"
            case .failed(let failure): "fails: \(failure.message)"
            }
        }
    }

    public let run: RunID
    public let script: String
    /// The handler's name, and `file:line` of its registration.
    public let handler: String
    public let location: String
    /// The number of the step that differs, from 1; one more than the last step where the run ends instead.
    public let step: Int
    /// What the run did.
    public let live: Move
    /// What it does when a fresh state rebuilds it from the recorded outcomes.
    public let rebuilt: Move

    public var description: String {
        "run \(run) of \(script) (\(handler), \(location)) cannot be replayed: at step \(step) it \(live), but rebuilt "
            + "with the same outcomes it \(rebuilt). Look for file-level variables that handlers write, which "
            + "'moonwire check' names, and keep what must last in bot.store"
    }
}
