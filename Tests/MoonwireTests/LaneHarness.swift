import Synchronization

@testable import Moonwire

/// A lane without its thread: a test posts messages, lets it work and answers its effects by hand.
final class LaneHarness {
    /// Everything that leaves the lane, as other threads may see it.
    final class Outbox: Sendable {
        private let state = Mutex(State())

        struct State {
            var entries: [JournalEntry] = []
            var deliveries: [LaneDelivery] = []
            var posted: [LaneMessage] = []
            /// Sessions that the lane wants back from the journal.
            var called: [SessionDigest] = []
            var pages: [Timetable.Page] = []
            var notices: [EngineNotice] = []
            var endedTicks: [TickID] = []
            var now = Instant(seconds: 1_000_000)
            var commits = 0
            /// The process dies with this commit: nobody hears of it any more.
            var commitLimit = Int.max
            /// It dies a moment before.
            var losesLastCommit = false
        }

        func with<Value>(_ body: (inout State) -> Value) -> Value {
            // The value is made inside the lock and the tests are single-threaded.
            var result: Value?
            state.withLock { state in
                var copy = state
                result = body(&copy)
                state = copy
            }
            guard let result else { preconditionFailure("the body always runs") }
            return result
        }
    }

    /// Commits at once.
    struct InstantJournal: Journal {
        let outbox: Outbox

        func append(_ batch: JournalBatch) {
            let isAlive = outbox.with { state in
                state.commits += 1
                let isLost = state.losesLastCommit && state.commits == state.commitLimit
                if state.commits <= state.commitLimit, !isLost { state.entries += batch.entries }
                return state.commits < state.commitLimit
            }
            guard isAlive else { return }
            batch.completion(.success(batch.entries.map { _ in .done }))
        }

        func cursors(of channel: ChannelID) async throws(JournalError) -> [String: [UInt8]] { [:] }
        func pendingEvents(after: EventID, limit: Int) async throws(JournalError) -> [PendingEvent] { [] }
        func interruptedRuns() async throws(JournalError) -> RecoveredRuns { RecoveredRuns() }
        func waitingSessions(version: String?) async throws(JournalError) -> [SessionDigest] { [] }
        func waitingRuns(of sessions: [SessionDigest]) async throws(JournalError) -> RecoveredRuns { RecoveredRuns() }
        func deadlines(after: Deadline?, before: Instant, limit: Int) async throws(JournalError) -> [Deadline] { [] }
        func versions(of script: String?) async throws(JournalError) -> [VersionReport] { [] }
        func retirements() async throws(JournalError) -> [String: Retirement] { [:] }
        func pins() async throws(JournalError) -> [String: VersionPin] { [:] }
        func pauses() async throws(JournalError) -> [SessionID: SessionPause] { [:] }
        func recordedNativeIDs(of session: SessionID, since: Instant) async throws(JournalError) -> Set<String> { [] }
        func sources(of version: String) async throws(JournalError) -> ScriptSources? { nil }
        func unknownSteps(limit: Int) async throws(JournalError) -> [StepReport] { [] }
        func deadLetters(limit: Int) async throws(JournalError) -> [DeadLetter] { [] }
        func prune(_ policy: RetentionPolicy, now: Instant) async throws(JournalError) -> Int { 0 }
        func close() async {}
    }

    let outbox = Outbox()
    let lane: Lane
    private var nextEvent: Int64 = 0
    private var admissions: [JournalEntry] = []

    init(_ handlers: [FakeLoader.Handler], settings: EngineSettings = EngineSettings()) {
        let outbox = outbox
        lane = Lane(
            ports: LanePorts(
                journal: InstantJournal(outbox: outbox), clock: HostClock { outbox.with { $0.now } },
                loader: FakeLoader(handlers: handlers),
                deliver: { delivery in outbox.with { $0.deliveries.append(delivery) } },
                fetch: { _ in },
                revive: { sessions, _ in outbox.with { $0.called += sessions } },
                readDeadlines: { page in outbox.with { $0.pages.append(page) } },
                post: { message in outbox.with { $0.posted.append(message) } }, finished: { _ in },
                admitEphemeral: { _ in },
                observer: EngineObserver { notice in outbox.with { $0.notices.append(notice) } }, settings: settings,
                channels: [
                    "desk": ChannelDescriptor(
                        id: "desk", platform: .bevatel, role: .operator, capabilities: ["reply", "transfer"])
                ], tickEnded: { tick in outbox.with { $0.endedTicks.append(tick) } }), runIDs: RunIDs())
        lane.process([.install([FakeLoader.sources], keeping: []) {}])
    }

    /// What the client of a session writes.
    func event(_ text: String, session: String = "1", owner: Owner = .queue) -> Event {
        nextEvent += 1
        return Event(
            name: "message.created", native: "message.created", key: "message.created:\(nextEvent)", id: "\(nextEvent)",
            at: outbox.with { $0.now }, channel: "desk", platform: .bevatel, role: .operator, from: .client,
            session: Session(id: SessionID(channel: "desk", id: session), status: "open", owner: owner),
            message: Message(id: "\(nextEvent)", text: text, at: outbox.with { $0.now }, from: .client))
    }

    func admit(_ event: Event) -> AdmittedEvent {
        admissions.append(.admit(event: event, body: EventBody(event), at: outbox.with { $0.now }))
        return AdmittedEvent(
            id: EventID(rawValue: Int64(event.id) ?? 0), event: event, body: EventBody(event),
            admittedAt: outbox.with { $0.now })
    }

    func write(_ texts: String..., session: String = "1") {
        lane.process(texts.map { .event(PendingEvent(admitted: admit(event($0, session: session)))) })
    }

    /// The texts that are on their way to the platform and not answered yet.
    var sending: [String] {
        outbox.with { state in
            state.deliveries.compactMap { delivery in
                if case .reply(let reply) = delivery.delivery.effect { return reply.text }
                return delivery.delivery.effect.method
            }
        }
    }

    /// The platform answers the oldest effect.
    func answer(_ result: StepOutcome.Result = .value(.null)) {
        let (delivery, now) = outbox.with { ($0.deliveries.removeFirst(), $0.now) }
        lane.process([
            .outcome(
                StepCompletion(
                    run: delivery.run, step: delivery.step, outcome: StepOutcome(result: result, at: now)))
        ])
    }

    func pass(_ duration: Duration) {
        outbox.with { $0.now = $0.now + duration }
        lane.process([])
    }

    /// What a journal would hold by now.
    var tables: MemoryTables {
        var tables = MemoryTables()
        for entry in admissions + entries { _ = tables.write(entry) }
        return tables
    }

    /// The journal gives back the sessions that the lane has called for.
    func bringBack() {
        let called = outbox.with { state in
            defer { state.called = [] }
            return state.called
        }
        lane.process([.revive(called, tables.waitingRuns(of: called), older: [FakeLoader.sources])])
    }

    /// Ends the process and starts another one on the same journal.
    func restart(
        _ handlers: [FakeLoader.Handler], settings: EngineSettings = EngineSettings(), paused: Set<SessionID> = []
    ) -> LaneHarness {
        let next = LaneHarness(handlers, settings: settings)
        next.nextEvent = nextEvent
        next.admissions = admissions + entries
        next.outbox.with { $0.now = outbox.with { $0.now } }
        let tables = tables
        next.lane.process([
            .recover(
                LaneMessage.Recovery(
                    interrupted: tables.interruptedRuns(), asleep: tables.waitingSessions(version: nil),
                    retired: tables.versions.compactMapValues(\.retirement), paused: paused))
        ])
        next.readDeadlines()
        return next
    }

    /// Events that were admitted and not handled come again.
    func redeliverPending() {
        let tables = tables
        let interrupted = Set(tables.interruptedRuns().runs.map(\.trigger.id))
        let pending = tables.pendingEvents(after: EventID(rawValue: 0), limit: .max)
        lane.process(pending.filter { !interrupted.contains($0.admitted.id) }.map { .event($0) })
    }

    /// The journal answers for the pages of the timetable that the lane has asked for.
    func readDeadlines() {
        let pages = outbox.with { state in
            defer { state.pages = [] }
            return state.pages
        }
        let tables = tables
        lane.process(
            pages.map {
                .deadlines($0, tables.deadlines(after: $0.after, before: $0.before, limit: $0.limit))
            })
    }

    var ends: [RunEnd] { entries.compactMap { if case .finishRun(_, let end) = $0 { end } else { nil } } }

    var entries: [JournalEntry] { outbox.with { $0.entries } }
    var finishedEvents: [(EventID, EventEnd)] {
        entries.compactMap { if case .finishEvent(let id, let end) = $0 { (id, end) } else { nil } }
    }
}
