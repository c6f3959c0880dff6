import Moonwire
import Synchronization

/// A script without Lua: each handler is a function from the outcomes so far to what the run does next.
final class FakeScript: ScriptInstance {
    typealias Program = @Sendable (_ event: Event, _ outcomes: [StepOutcome]) -> RunProgress

    let sources: ScriptSources
    let handlers: [HandlerDescriptor]
    private let programs: [Program]
    private var runs: [RunID: (event: Event, program: Program, outcomes: [StepOutcome])] = [:]

    init(_ sources: ScriptSources, _ handlers: [HandlerDescriptor], _ programs: [Program]) {
        self.sources = sources
        self.handlers = handlers
        self.programs = programs
    }

    func accepts(_ handler: Int, _ event: AdmittedEvent, now: Instant) throws(ScriptFailure) -> Bool { true }

    func start(_ start: RunStart) -> RunProgress {
        let program = programs[start.handler]
        runs[start.run] = (start.event.event, program, [])
        return program(start.event.event, [])
    }

    func resume(_ run: RunID, with outcome: StepOutcome) -> RunProgress {
        guard var state = runs[run] else { return .finished(stops: false) }
        state.outcomes.append(outcome)
        runs[run] = state
        return state.program(state.event, state.outcomes)
    }

    func handleFailure(of run: RunID, _ failure: ScriptFailure, at: Instant) -> RunProgress? { nil }
    func drop(_ run: RunID) { runs[run] = nil }
    var isShortOfMemory: Bool { false }
    func reclaimMemory() {}
    var hasDialogsThatLeave: Bool { false }
}

/// Loads fake scripts by name.
struct FakeLoader: ScriptLoader {
    struct Handler: Sendable {
        var name: String
        var trigger = HandlerDescriptor.Trigger.event
        var filter = EventFilter(events: ["message.created"])
        var priority = 0
        var job: JobDeclaration?
        let program: FakeScript.Program
    }

    let handlers: [Handler]

    static let sources = ScriptSources(version: "v1", script: "fake", files: [:], entry: "fake.lua")

    func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
        FakeScript(
            sources,
            handlers.enumerated().map { index, handler in
                HandlerDescriptor(
                    index: index, identity: handler.name, trigger: handler.trigger, filter: handler.filter,
                    hasWhere: false, priority: handler.priority, location: "fake.lua:\(index + 1)",
                    job: handler.job)
            }, handlers.map(\.program))
    }
}

extension StepRequest {
    /// A reply of a fake script.
    static func reply(_ text: String, to event: Event) -> StepRequest {
        StepRequest(
            kind: "session:reply", action: .channel(.reply(ChannelEffect.Reply(text: text))), session: event.sessionID,
            arguments: RawJSON(validated: Array("[\"\(text)\"]".utf8)), location: "fake.lua:1")
    }

    static func wait(_ timeout: Duration?, for events: Set<String> = ["message.created"]) -> StepRequest {
        StepRequest(
            kind: "session:wait_for",
            action: .wait(Wait(events: events.isEmpty ? [] : [EventFilter(events: events)], timeout: timeout)),
            session: nil, arguments: .emptyObject, location: "fake.lua:2")
    }
}

extension RunProgress {
    static func reply(_ text: String, to event: Event) -> RunProgress { .suspended(.reply(text, to: event)) }
    static let done = RunProgress.finished(stops: false)
}
