import EventJSON

/// The host's own answer to an opt-out word, as a run like any other: its intent is committed before it is sent, a crash
/// neither loses nor doubles it, and the loop guard counts it.
///
/// Confined to its lane, like every script instance. The text is found anew when a run is rebuilt.
final class OptOutReply: ScriptInstance {
    static let version = "moonwire:opt-out"

    let sources = ScriptSources(version: OptOutReply.version, script: "moonwire", files: [:], entry: "opt_out")
    /// A trigger of its own: no handler of a script comes after it, also not when its run is rebuilt.
    let handlers = [
        HandlerDescriptor(
            index: 0, identity: "opt-out", trigger: .command("opt-out"), filter: EventFilter(events: []),
            hasWhere: false, priority: 0, location: "opt_out")
    ]
    /// By which words clients opt out; `nil` where there are none.
    var terms: OptOutTerms?

    func accepts(_ handler: Int, _ event: AdmittedEvent, now: Instant) throws(ScriptFailure) -> Bool { true }

    func start(_ start: RunStart) -> RunProgress {
        let event = start.event.event
        guard let reply = (terms ?? .standard).reply(to: event.message?.text ?? ""), !reply.isEmpty else {
            return .finished(stops: false)
        }
        let arguments: JSON = ["text": .string(reply)]
        return .suspended(
            StepRequest(
                kind: "session:reply", action: .channel(.reply(ChannelEffect.Reply(text: reply))),
                session: event.sessionID, arguments: RawJSON(validated: arguments.bytes), location: "opt_out"))
    }

    /// However it ended: the choice stands, and what became of the answer is in the journal.
    func resume(_ run: RunID, with outcome: StepOutcome) -> RunProgress { .finished(stops: false) }

    func handleFailure(of run: RunID, _ failure: ScriptFailure, at: Instant) -> RunProgress? { nil }

    func drop(_ run: RunID) {}

    var isShortOfMemory: Bool { false }

    func reclaimMemory() {}

    var hasDialogsThatLeave: Bool { false }
}
