/// Runs a candidate version of a script against what a journal recorded, with its effects captured instead of sent, and
/// tells which sessions would get something else.
///
/// The recorded events pass through a lane of the engine in the order of their admission, with the clock where it stood
/// then, so that routing, waits, timeouts and commands are the engine's own. A run of the same event and handler as a
/// recorded one takes the recorded outcome wherever it asks for the same step. A message that is new gets a made-up
/// outcome, so that the dialog can go on with what the client really wrote next. What nobody can know (an answer of a
/// server, a value of a store) ends the rehearsal of that session. Events that ended a wait of an older run are left out.
public struct Rehearsal: Sendable {
    private static let page = 500

    private let history: any JournalHistory
    private let loader: any ScriptLoader
    private let scripts: [ScriptSources]
    private let candidate: String
    private let channels: [ChannelDescriptor]
    private let settings: EngineSettings
    private let changes: @Sendable (String, RawJSON) -> Bool

    /// - Parameters:
    ///   - scripts: All scripts of the host in configuration order, the candidate among them: they share the routing.
    ///   - candidate: The name of the script whose effects are compared.
    ///   - changes: Tells by a step's kind and arguments whether it changes something outside of its run.
    public init(
        _ history: any JournalHistory, loader: any ScriptLoader, scripts: [ScriptSources], candidate: String,
        channels: [ChannelDescriptor], settings: EngineSettings = EngineSettings(),
        changes: @escaping @Sendable (_ kind: String, _ arguments: RawJSON) -> Bool
    ) {
        self.history = history
        self.loader = loader
        self.scripts = scripts
        self.candidate = candidate
        self.channels = channels
        var settings = settings
        // What is not in memory would have to come from a journal of the rehearsal's own.
        settings.passivation = EngineSettings.Passivation(idle: .seconds(100 * 365 * 86_400), ceiling: .max)
        self.settings = settings
        self.changes = changes
    }

    /// Timers fire as far as the recording goes: whether a host ran after that, nobody knows.
    ///
    /// - Parameters:
    ///   - limit: How many sessions at most; the first ones are taken.
    ///   - progress: Told after each page how many events have been fed.
    /// - Throws: `ScriptFailure` of a script that does not load, or `JournalError`.
    public func execute(
        since: Instant, limit: Int = .max, progress: @Sendable (Int) -> Void = { _ in }
    ) async throws -> RehearsalReport {
        let stage = RehearsalStage(candidate: candidate, changes: changes)
        let recorded = try await recordedRuns(since: since)
        for run in recorded { stage.expect(run) }
        let taken = try await history.eventsTakenByOlderRuns(since: since)
        var ephemerals = Self.ephemerals(of: recorded)[...]

        let lane = makeLane(stage)
        try install(on: lane)
        var sessions: [SessionID] = []
        var conversations = 0
        var known: Set<SessionID> = []
        var fed: Set<EventID> = []
        var after = EventID(rawValue: 0)
        while true {
            let events = try await history.events(since: since, after: after, limit: Self.page)
            guard let last = events.last?.admitted else { break }
            after = last.id
            for event in events where event.end != nil && !taken.contains(event.admitted.id) {
                let session = event.admitted.event.sessionID
                if !known.contains(session) {
                    // What belongs to the channel itself is no session, but scripts may do something about it.
                    guard conversations < limit || session.id.isEmpty else { continue }
                    if !session.id.isEmpty { conversations += 1 }
                    known.insert(session)
                    sessions.append(session)
                }
                while let first = ephemerals.first, first.admittedAt <= event.admitted.admittedAt {
                    ephemerals.removeFirst()
                    feed(.ephemeral(first.event, first.body), of: first, to: lane, stage)
                }
                fed.insert(event.admitted.id)
                feed(.event(PendingEvent(admitted: event.admitted)), of: event.admitted, to: lane, stage)
            }
            progress(fed.count)
        }
        advance(lane, stage, to: Self.end(of: recorded))
        return report(sessions, fed: fed, recorded, stage)
    }

    private func recordedRuns(since: Instant) async throws(JournalError) -> [RunLife] {
        var runs: [RunID: RunLife] = [:]
        var next: RunPage.Next?
        repeat {
            let page = try await history.runs(of: nil, since: since, page: next)
            for run in page.runs { runs[run.record.id] = run }
            next = page.next
        } while next != nil
        return runs.values.sorted {
            ($0.record.startedAt, $0.record.id.rawValue) < ($1.record.startedAt, $1.record.id.rawValue)
        }
    }

    /// The last instant that the runs tell of.
    private static func end(of runs: [RunLife]) -> Instant {
        var end = Instant(rawValue: 0)
        for run in runs {
            end = max(end, run.record.startedAt, run.end?.at ?? end)
            for step in run.steps { end = max(end, step.step.at, step.outcome?.at ?? end) }
        }
        return end
    }

    /// Typing and presence are not admitted, but a run that waited for them has kept them.
    private static func ephemerals(of runs: [RunLife]) -> [AdmittedEvent] {
        let events = runs.flatMap(\.steps).compactMap { step -> AdmittedEvent? in
            guard case .event(let event)? = step.outcome?.result, event.id.rawValue == 0 else { return nil }
            return event
        }
        return events.sorted { $0.admittedAt < $1.admittedAt }
    }
}

extension Rehearsal {
    private func makeLane(_ stage: RehearsalStage) -> Lane {
        let observer = EngineObserver { notice in
            switch notice {
            // The host's own step, which no script asks for.
            case .stepped(let run, let request, _) where request.kind == "host:handover":
                _ = stage.ask(request, of: run.id)
            case .runEnded(let run, let end) where end.state == .failed: stage.fail(run.id, end)
            default: break
            }
        }
        let ports = LanePorts(
            journal: RehearsalJournal(stage: stage), clock: HostClock { stage.now },
            loader: RehearsalLoader(loader: loader, stage: stage), deliver: { stage.perform($0) },
            fetch: { stage.perform($0) }, revive: { _, _ in }, readDeadlines: { _ in }, post: { stage.post($0) },
            finished: { _ in }, admitEphemeral: { _ in }, observer: observer, settings: settings,
            channels: Dictionary(channels.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
        return Lane(ports: ports, runIDs: RunIDs())
    }

    private func install(on lane: Lane) throws(ScriptFailure) {
        for failure in lane.prepare(scripts) {
            if let failure { throw failure }
        }
        lane.install(scripts, keeping: [])
    }

    private func feed(_ message: LaneMessage, of event: AdmittedEvent, to lane: Lane, _ stage: RehearsalStage) {
        guard !stage.hasLeft(event.event.sessionID) else { return }
        advance(lane, stage, to: event.admittedAt)
        work(lane, stage, [message])
    }

    /// Lets the timers fire that are due on the way to an instant, each at its own time.
    private func advance(_ lane: Lane, _ stage: RehearsalStage, to instant: Instant) {
        while let next = lane.nextWakeUp, next <= instant {
            stage.now = next
            work(lane, stage, [])
            // A deadline that the lane leaves where it is would stop the clock for ever.
            if let same = lane.nextWakeUp, same <= next { break }
        }
        stage.now = instant
    }

    private func work(_ lane: Lane, _ stage: RehearsalStage, _ messages: [LaneMessage]) {
        lane.process(messages)
        while case let posted = stage.takeInbox(), !posted.isEmpty { lane.process(posted) }
    }
}

extension Rehearsal {
    private func report(
        _ sessions: [SessionID], fed: Set<EventID>, _ recorded: [RunLife], _ stage: RehearsalStage
    ) -> RehearsalReport {
        let own = recorded.filter { $0.record.script == candidate && fed.contains($0.record.event) }
        let bySession = Dictionary(grouping: own, by: \.record.session)
        var report = RehearsalReport()
        report.sessions = sessions.count { !$0.id.isEmpty }
        report.events = fed.count
        for session in sessions {
            let scene = stage.scene(session)
            let before = recordedEffects(of: bySession[session] ?? [], until: scene.leftAt, stage)
            let lines = RehearsalReport.Line.comparison(of: before, with: scene.effects)
            let found = RehearsalReport.SessionReport(session: session, lines: lines, unknown: scene.unknown)
            if found.differs || found.unknown != nil { report.reports.append(found) }
        }
        return report
    }

    /// What the recorded runs of a session did, in the order of time. Of what came after the rehearsal had to leave the
    /// session only what it had asked for.
    private func recordedEffects(
        of runs: [RunLife], until: Instant?, _ stage: RehearsalStage
    ) -> [RehearsalReport.Effect] {
        var effects: [(at: Instant, effect: RehearsalReport.Effect)] = []
        for run in runs {
            let used = stage.usedSteps(of: run.record.id)
            for step in run.steps where changes(step.step.kind, step.step.arguments) {
                if let until, step.step.at >= until, !used.contains(step.step.number) { continue }
                effects.append((step.step.at, RehearsalReport.Effect(step.step)))
            }
            if let end = run.end, end.state == .failed, until.map({ end.at < $0 }) ?? true {
                effects.append((end.at, .failure(end.error ?? "")))
            }
        }
        return effects.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(
            \.element.effect)
    }
}
