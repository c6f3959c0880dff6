import LuaRuntime
import Moonwire

/// One execution of a handler: its coroutine, its snapshot of the session and what its suspended call returns.
final class ScriptRun {
    let id: RunID
    let context: EventContext
    /// The coroutine that executes: the handler's, later that of `bot.on_error`.
    var coroutine: LuaCoroutine?
    let session: SessionObjects?
    /// What the run asks for, while it is suspended.
    var request: StepRequest?
    /// What the suspended call makes of its outcome.
    var reader = OutcomeReader.nothing
    /// The channel whose list the run is reading.
    var pageChannel = ChannelID("")
    /// The object whose method the run is suspended in, where it is not of the run's own session.
    var receiver: LuaObject?
    /// The question that the run is asking.
    var question: Question?
    /// The race of waits that the run is in.
    var race: Race?
    /// What waits of this run may be raced.
    var waits = DescribedWaits()
    /// The dialogs that the run is inside of.
    var dialogs = DialogStack()
    /// How many steps the run has asked for.
    var steps = 0
    private let recordedSteps: Int
    let handler: Int
    /// The panel that the run fills, until it has.
    var panel: String?
    /// Whether what the panel shows is being written down.
    var isPublishing = false
    /// Why the handler failed.
    var failure: LuaError?
    private var random: SplitMix64

    init(_ start: RunStart, session: SessionObjects?) {
        id = start.run
        handler = start.handler
        context = EventContext(start.event, at: start.at)
        self.session = session
        recordedSteps = start.recordedSteps
        random = SplitMix64(state: start.seed ^ 0x6D6F_6F6E_7769_7265)
    }

    /// Whether the journal knows the step that comes next: what the run says until then it has said before.
    var isRepeating: Bool { steps < recordedSteps }

    var handle: Int64 { id.rawValue }

    /// The instant of the last crossing.
    var at: Instant {
        get { context.at }
        set { context.at = newValue }
    }

    func nextRandom() -> UInt64 { random.next() }
}

/// The event that a run or a filter is about: only what calls need, because a whole event is dear to copy.
final class EventContext {
    let channel: ChannelID
    let sessionID: String?
    let body: EventBody
    var at: Instant

    init(_ event: AdmittedEvent, at: Instant) {
        channel = event.event.channel
        sessionID = event.event.session?.id.id
        body = event.body
        self.at = at
    }
}

/// A small generator: the same numbers for the same seed, on every machine.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
