/// Makes script instances. The core knows no Lua; it knows handlers, runs and steps.
public protocol ScriptLoader: Sendable {
    /// Loads a version into a fresh state. Called on the lane's thread, which alone uses the result.
    func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance
}

/// One version of a script, loaded for one lane. Confined to the lane's thread.
public protocol ScriptInstance: AnyObject {
    var sources: ScriptSources { get }
    /// All registrations, in the order in which the script made them.
    var handlers: [HandlerDescriptor] { get }

    /// Asks the handler's `where` function. Only called when the descriptor says that there is one.
    func accepts(_ handler: Int, _ event: AdmittedEvent, now: Instant) throws(ScriptFailure) -> Bool

    /// Begins a run and goes on until it ends or asks for something.
    func start(_ start: RunStart) -> RunProgress

    /// Goes on with the outcome of what the run asked for.
    func resume(_ run: RunID, with outcome: StepOutcome) -> RunProgress

    /// Hands a failed run to the script's own error handler (`bot.on_error`), as further steps of the same run.
    /// `nil` when the script has none.
    func handleFailure(of run: RunID, _ failure: ScriptFailure, at: Instant) -> RunProgress?

    /// Forgets a run without running anything of it.
    func drop(_ run: RunID)

    /// Whether waiting runs should leave memory soon.
    var isShortOfMemory: Bool { get }

    /// Gives back what dropped runs held.
    func reclaimMemory()

    /// Whether a dialog of the script does not want to go on with this version when another one takes over.
    var hasDialogsThatLeave: Bool { get }
}

/// A registration of a script. A class, because every event of a session holds on to some.
public final class HandlerDescriptor: Sendable {
    public enum Trigger: Sendable, Hashable {
        case event
        /// The first word of the peer's message, with or without `/`; folded.
        case command(String)
    }

    /// The position in `ScriptInstance.handlers`.
    public let index: Int
    /// The handler's name, else its event and ordinal.
    public let identity: String
    public let trigger: Trigger
    public let filter: EventFilter
    public let hasWhere: Bool
    /// Higher runs first.
    public let priority: Int
    /// `file:line` of the registration.
    public let location: String
    /// The job whose ticks the handler takes.
    public let job: JobDeclaration?
    /// The address whose requests the handler takes.
    public let webhook: WebhookDeclaration?

    public init(
        index: Int, identity: String, trigger: Trigger, filter: EventFilter, hasWhere: Bool, priority: Int,
        location: String, job: JobDeclaration? = nil, webhook: WebhookDeclaration? = nil
    ) {
        self.index = index
        self.identity = identity
        self.trigger = trigger
        self.filter = filter
        self.hasWhere = hasWhere
        self.priority = priority
        self.location = location
        self.job = job
        self.webhook = webhook
    }

    /// The name that no other handler of the host may have, as people read it; `nil` where that does not matter.
    public var claim: String? {
        job.map { "job '\($0.name)'" } ?? webhook.map { "webhook '\($0.name)'" } ?? panel.map { "panel '\($0)'" }
    }

    /// The name of the panel that the handler fills.
    private var panel: Substring? {
        identity.hasPrefix("panel:") && filter.events.contains(PanelEvent.opened) ? identity.dropFirst(6) : nil
    }
}

/// A handler of a script that is in service.
public struct RegisteredHandler: Sendable {
    public let script: String
    public let handler: HandlerDescriptor

    public init(script: String, handler: HandlerDescriptor) {
        self.script = script
        self.handler = handler
    }
}

/// What a run begins with.
public struct RunStart: Sendable {
    public let run: RunID
    public let handler: Int
    public let event: AdmittedEvent
    /// When the run began: what `bot.now()` gives until the first crossing.
    public let at: Instant
    /// How many steps the journal recorded of the run before. Up to the last of them the script says nothing to logs and
    /// counters: it has said it before.
    public let recordedSteps: Int

    public init(run: RunID, handler: Int, event: AdmittedEvent, at: Instant, recordedSteps: Int = 0) {
        self.run = run
        self.handler = handler
        self.event = event
        self.at = at
        self.recordedSteps = recordedSteps
    }

    /// What the run's random numbers follow.
    public var seed: UInt64 { UInt64(bitPattern: run.rawValue) }
}

/// Where a run stands after it was started or resumed.
public enum RunProgress: Sendable {
    /// `stops` when the handler returned `bot.stop`.
    case finished(stops: Bool)
    case suspended(StepRequest)
    case failed(ScriptFailure)
}

/// A script's error, for its author.
public struct ScriptFailure: Error, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        case syntax
        /// An error that nothing in the script caught.
        case runtime
        case memory
        case cpu
        /// The host ended the run: a replay that differs, a cancelled run.
        case killed
    }

    public let kind: Kind
    /// With `file:line` in front.
    public let message: String
    public let traceback: String

    public init(kind: Kind, message: String, traceback: String = "") {
        self.kind = kind
        self.message = message
        self.traceback = traceback
    }

    public var description: String { traceback.isEmpty ? message : message + "\n" + traceback }
}
