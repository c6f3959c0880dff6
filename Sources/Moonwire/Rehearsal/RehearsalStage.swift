import EventJSON
import Synchronization

/// What stands in for the world while a script is rehearsed: recorded outcomes where the step is the same, a made-up
/// one where nothing comes back that could matter, and otherwise the note that nobody knows.
///
/// Used by one thread; locked, because a lane's ports may be called from any.
final class RehearsalStage: Sendable {
    /// One run of the rehearsal.
    private struct Performance {
        let script: String
        let session: SessionID
        let recorded: RunLife?
        /// Recorded steps that have given their outcome.
        var used: Set<Int> = []
        var number = 0
        var request: StepRequest?
        /// The recorded step that is the same as the request.
        var match: RecordedStep?
        var isStopped = false
    }

    /// What is known of a session so far.
    struct Scene {
        var effects: [RehearsalReport.Effect] = []
        var unknown: RehearsalReport.Unknown?
        /// When the session was left because of it.
        var leftAt: Instant?
    }

    private struct State {
        var now = Instant(rawValue: 0)
        var inbox: [LaneMessage] = []
        /// Recorded runs by trigger and handler, in the order in which they began.
        var recorded: [RunKey: [RunLife]] = [:]
        var performances: [RunID: Performance] = [:]
        /// Recorded steps that were asked for again, by run.
        var used: [RunID: Set<Int>] = [:]
        var scenes: [SessionID: Scene] = [:]
    }

    struct RunKey: Hashable {
        let event: EventID
        let handler: HandlerKey
    }

    private let candidate: String
    private let changes: @Sendable (_ kind: String, _ arguments: RawJSON) -> Bool
    private let state = Mutex(State())

    init(candidate: String, changes: @escaping @Sendable (String, RawJSON) -> Bool) {
        self.candidate = candidate
        self.changes = changes
    }

    var now: Instant {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = max($0.now, newValue) } }
    }

    func expect(_ run: RunLife) {
        let record = run.record
        let key = RunKey(event: record.event, handler: HandlerKey(script: record.script, handler: record.handler))
        state.withLock { $0.recorded[key, default: []].append(run) }
    }

    func post(_ message: LaneMessage) {
        state.withLock { $0.inbox.append(message) }
    }

    func takeInbox() -> [LaneMessage] {
        state.withLock { state in
            defer { state.inbox.removeAll() }
            return state.inbox
        }
    }

    /// Whether nothing more is to happen in a session.
    func hasLeft(_ session: SessionID) -> Bool {
        state.withLock { $0.scenes[session]?.leftAt != nil }
    }

    func scene(_ session: SessionID) -> Scene {
        state.withLock { $0.scenes[session] ?? Scene() }
    }

    /// Which recorded steps of a run were asked for again.
    func usedSteps(of run: RunID) -> Set<Int> {
        state.withLock { $0.used[run] ?? [] }
    }
}

extension RehearsalStage {
    /// A run begins. Gives the recorded run that it stands for.
    func begin(_ run: RunID, _ handler: HandlerKey, _ event: AdmittedEvent) -> RunRecord? {
        state.withLock { state in
            let key = RunKey(event: event.id, handler: handler)
            let recorded = state.recorded[key]?.isEmpty == false ? state.recorded[key]?.removeFirst() : nil
            state.performances[run] = Performance(
                script: handler.script, session: event.event.sessionID, recorded: recorded)
            return recorded?.record
        }
    }

    /// A run asks for a step. Gives the request as the lane is to take it: a wait that was recorded ends when it did.
    func ask(_ request: StepRequest, of run: RunID) -> StepRequest {
        state.withLock { state in
            guard var performance = state.performances[run] else { return request }
            performance.number += 1
            performance.request = request
            performance.match = Self.match(request, performance)
            if let match = performance.match {
                performance.used.insert(match.step.number)
                state.used[match.step.run, default: []].insert(match.step.number)
            }
            state.performances[run] = performance
            if performance.script == candidate, changes(request.kind, request.arguments) {
                note(RehearsalReport.Effect(request), in: performance.session, &state)
            }
            // The recorded wait began a little later after its event than time passes here.
            guard case .wait(let wait) = request.action, let timeout = wait.timeout,
                let step = performance.match?.step, let deadline = step.deadline, step.at + timeout == deadline
            else { return request }
            let timed = Wait(
                events: wait.events, timeout: .milliseconds(max(0, deadline.rawValue - state.now.rawValue)),
                dialog: wait.dialog)
            return StepRequest(
                kind: request.kind, action: .wait(timed), session: request.session, arguments: request.arguments,
                location: request.location)
        }
    }

    /// A run has ended badly.
    func fail(_ run: RunID, _ end: RunEnd) {
        state.withLock { state in
            guard let performance = state.performances[run], performance.script == candidate, !performance.isStopped
            else { return }
            note(.failure(end.error ?? ""), in: performance.session, &state)
        }
    }

    private func note(_ effect: RehearsalReport.Effect, in session: SessionID, _ state: inout State) {
        if state.scenes[session]?.leftAt == nil { state.scenes[session, default: Scene()].effects.append(effect) }
    }

    /// The recorded step with the same number, else the first other one that is the same and has not been used.
    private static func match(_ request: StepRequest, _ performance: Performance) -> RecordedStep? {
        guard let steps = performance.recorded?.steps else { return nil }
        func isSame(_ step: RecordedStep) -> Bool {
            step.step.kind == request.kind && step.step.digest == request.digest
                && !performance.used.contains(step.step.number)
        }
        return steps.first { $0.step.number == performance.number && isSame($0) } ?? steps.first(where: isSame)
    }

    /// The outcome as it was recorded, where it is the same; `nil` when the run stops here.
    func recordedForm(of outcome: StepOutcome, for run: RunID) -> StepOutcome? {
        state.withLock { state in
            guard let performance = state.performances[run], !performance.isStopped else { return nil }
            guard let recorded = performance.match?.outcome, recorded.isLike(outcome) else { return outcome }
            return recorded
        }
    }
}

extension RehearsalStage {
    func perform(_ delivery: LaneDelivery) {
        settle(delivery.run, delivery.step, madeUp(delivery.delivery.effect))
    }

    func perform(_ fetch: LaneFetch) {
        settle(fetch.run, fetch.step, nil)
    }

    func perform(_ operation: HostEffect.StoreOperation, _ step: StepRecord) -> JournalEntryResult {
        switch outcome(for: step.run, madeUp(operation)).result {
        case .value(let value): .stored(value)
        case .failure(let failure): .refused(failure)
        default: .stored(.null)
        }
    }

    func perform(_ operation: LedgerOperation, _ step: StepRecord) -> JournalEntryResult {
        switch outcome(for: step.run, operation.isRead ? nil : .null).result {
        case .value(let value): .stored(value)
        case .failure(let failure): .refused(failure)
        default: .stored(.null)
        }
    }

    private func settle(_ run: RunID, _ step: Int, _ madeUp: RawJSON?) {
        let outcome = outcome(for: run, madeUp)
        post(.outcome(StepCompletion(run: run, step: step, outcome: outcome)))
    }

    private func outcome(for run: RunID, _ madeUp: RawJSON?) -> StepOutcome {
        state.withLock { state in
            if let recorded = state.performances[run]?.match?.outcome { return recorded }
            if let madeUp { return StepOutcome(result: .value(madeUp), at: state.now) }
            stop(run, &state)
            return StepOutcome(result: .failure(.unknown("the recording has no outcome for the step")), at: state.now)
        }
    }

    /// Nobody knows what the step would have brought. What comes after it in the session follows from that.
    private func stop(_ run: RunID, _ state: inout State) {
        state.performances[run]?.isStopped = true
        guard let performance = state.performances[run], performance.script == candidate,
            state.scenes[performance.session]?.leftAt == nil, let request = performance.request
        else { return }
        var scene = state.scenes[performance.session] ?? Scene()
        if changes(request.kind, request.arguments), !scene.effects.isEmpty { scene.effects.removeLast() }
        scene.leftAt = state.now
        scene.unknown = RehearsalReport.Unknown(
            kind: request.kind, arguments: request.arguments.text, location: request.location)
        state.scenes[performance.session] = scene
    }

    /// What an effect brings that brings nothing a script could decide by; `nil` for all others.
    private func madeUp(_ effect: ChannelEffect) -> RawJSON? {
        switch effect {
        case .messages, .clientMessages, .refresh, .take, .sessions, .clients, .open, .operators, .groups, .me,
            .request:
            return nil
        case .reply(let reply): return message(reply.text)
        case .receive(let relay), .echo(let relay): return message(relay.reply.text)
        case .submit: return message("")
        default: return .null
        }
    }

    private func madeUp(_ operation: HostEffect.StoreOperation) -> RawJSON? {
        if case .set = operation.command { .null } else { nil }
    }

    private func message(_ text: String) -> RawJSON {
        let now = now
        let message = Message(id: "rehearsed-\(now.rawValue)", text: text, at: now, from: .own)
        return EventBody.encode(message)
    }
}

extension RehearsalReport.Effect {
    init(_ request: StepRequest) {
        self.init(
            kind: request.kind, arguments: request.arguments.text, location: request.location, digest: request.digest)
    }

    init(_ step: StepRecord) {
        self.init(kind: step.kind, arguments: step.arguments.text, location: step.location, digest: step.digest)
    }
}

extension StepOutcome {
    /// Whether a script learns the same from both, apart from the time.
    fileprivate func isLike(_ other: StepOutcome) -> Bool {
        switch (result, other.result) {
        case (.value, .value): true
        case (.none(let reason), .none(let otherReason)): reason == otherReason
        case (.event(let event), .event(let otherEvent)): event.id == otherEvent.id
        case (.failure(let failure), .failure(let otherFailure)): failure.code == otherFailure.code
        default: false
        }
    }
}
