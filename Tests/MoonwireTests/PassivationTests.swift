import Testing

@testable import Moonwire

struct PassivationTests {
    /// Asks for a name, greets by it.
    static let greeter = FakeLoader.Handler(name: "greeter") { event, outcomes in
        switch outcomes.count {
        case 0: .reply("name?", to: event)
        case 1: .suspended(.wait(.seconds(3600)))
        case 2: .reply("hello \(Self.told(outcomes[1]))", to: event)
        default: .done
        }
    }

    static func told(_ outcome: StepOutcome) -> String {
        switch outcome.result {
        case .event(let event): event.event.message?.text ?? event.event.name
        case .none(let reason): WaitReason(reason).word
        default: "value"
        }
    }

    private let idle = EngineSettings(passivation: EngineSettings.Passivation(idle: .seconds(60), ceiling: 100))

    @Test func anIdleWaitingRunLeavesMemoryAndComesBackForItsEvent() {
        let harness = LaneHarness([Self.greeter], settings: idle)
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(59))
        #expect(harness.lane.runs.count == 1)
        harness.pass(.seconds(2))
        #expect(harness.lane.runs.isEmpty && harness.lane.status.asleep == 1)
        let before = harness.entries.count
        harness.write("Aisha")
        #expect(harness.sending.isEmpty, "the session waits until its run is back")
        harness.bringBack()
        #expect(harness.sending == ["hello Aisha"])
        harness.answer()
        #expect(harness.ends.map(\.state) == [.done])
        #expect(!harness.entries.dropFirst(before).contains { if case .wait = $0 { true } else { false } })
        #expect(harness.tables.waitingSessions(version: nil).isEmpty)
    }

    @Test func aRunThatIsAwayComesBackForItsDeadline() {
        let harness = LaneHarness([Self.greeter], settings: idle)
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(61))
        harness.pass(.seconds(3600))
        harness.bringBack()
        #expect(harness.sending == ["hello timeout"])
    }

    @Test func idleCountsFromTheLatestWait() {
        let asker = FakeLoader.Handler(name: "asker") { _, outcomes in
            outcomes.count < 3 ? .suspended(.wait(nil)) : .done
        }
        let harness = LaneHarness([asker], settings: idle)
        harness.write("hi")
        harness.pass(.seconds(40))
        harness.write("one")
        harness.pass(.seconds(40))
        #expect(harness.lane.runs.count == 1, "80 seconds after the first wait, 40 after the second")
        harness.pass(.seconds(21))
        #expect(harness.lane.runs.isEmpty)
    }

    @Test func aHostThatGoesDownDoesNotWakeForPagesThatItWillNotRead() {
        let harness = LaneHarness([Self.greeter])
        harness.lane.process([.recover(LaneMessage.Recovery()), .drain])
        harness.readDeadlines()
        harness.pass(.seconds(600))
        #expect(harness.lane.nextWakeUp == nil)
    }

    @Test func theOldestGoWhenThereAreMoreThanTheCeiling() {
        let settings = EngineSettings(passivation: EngineSettings.Passivation(idle: .seconds(60), ceiling: 2))
        let harness = LaneHarness([Self.greeter], settings: settings)
        for session in 1...5 {
            harness.write("hi", session: "\(session)")
            harness.answer()
        }
        #expect(harness.lane.status.waiting == 2 && harness.lane.status.asleep == 3)
        harness.write("Omar", session: "1")
        harness.bringBack()
        #expect(harness.sending == ["hello Omar"])
    }

    @Test func aCeilingOfNoneStillLetsEveryWaitEnd() {
        let settings = EngineSettings(passivation: EngineSettings.Passivation(idle: .seconds(60), ceiling: 0))
        let harness = LaneHarness([Self.greeter], settings: settings)
        harness.write("hi")
        harness.answer()
        #expect(harness.lane.runs.isEmpty)
        harness.pass(.seconds(3601))
        harness.bringBack()
        #expect(harness.sending == ["hello timeout"])
    }

    @Test func eventsOfASessionThatIsAwayKeepTheirOrder() {
        let harness = LaneHarness([Self.greeter], settings: idle)
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(61))
        harness.write("Aisha", "again")
        harness.bringBack()
        #expect(harness.sending == ["hello Aisha"])
        harness.answer()
        #expect(harness.sending == ["name?"], "the second event begins the next run after the first has ended")
    }

    @Test func waitsOfAnEarlierProcessAreKnownByTheirDigestOnly() {
        let harness = LaneHarness([Self.greeter])
        harness.write("hi", session: "1")
        harness.answer()
        harness.write("hi", session: "2")
        harness.answer()
        let next = harness.restart([Self.greeter])
        #expect(next.lane.runs.isEmpty && next.lane.status.asleep == 2)
        next.write("Aisha", session: "2")
        next.bringBack()
        #expect(next.sending == ["hello Aisha"])
        #expect(next.lane.status.asleep == 1)
    }

    @Test func aDeadlineThatPassedWhileTheHostWasDownFiresAtTheStart() {
        let harness = LaneHarness([Self.greeter])
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(100))
        harness.outbox.with { $0.now = $0.now + .seconds(86_400) }
        // The old process never saw the time pass.
        let next = harness.restart([Self.greeter])
        next.bringBack()
        #expect(next.sending == ["hello timeout"])
    }

    @Test func typingWakesARunThatWaitsForIt() {
        let typist = FakeLoader.Handler(name: "typist") { event, outcomes in
            switch outcomes.count {
            case 0: .suspended(.wait(nil, for: ["typing.started"]))
            case 1: .reply("I see you typing", to: event)
            default: .done
            }
        }
        let harness = LaneHarness([typist], settings: idle)
        harness.write("hi")
        harness.pass(.seconds(61))
        var typing = harness.event("")
        typing = Event(
            name: "typing.started", native: "typing_on", key: nil, id: "", at: typing.at, channel: "desk",
            platform: .bevatel, role: .operator, from: .client, session: typing.session)
        harness.lane.process([.ephemeral(typing, EventBody(typing))])
        harness.bringBack()
        #expect(harness.sending == ["I see you typing"])
    }

    @Test func aDamagedRunIsKeptForTheOpsTeamAndItsSessionGoesOn() {
        let harness = LaneHarness([Self.greeter], settings: idle)
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(61))
        harness.write("Aisha")
        let called = harness.outbox.with { $0.called }
        let runs = harness.tables.waitingRuns(of: called).runs
        let damaged = runs.map { DamagedRun(record: $0.record, triggerIsFinished: true, reason: "step 1 is no JSON") }
        harness.lane.process([.revive(called, RecoveredRuns(damaged: damaged), older: [])])
        #expect(harness.ends.map(\.state) == [.dead])
        #expect(harness.tables.dead.first?.error.contains("step 1 is no JSON") == true)
        #expect(harness.sending == ["name?"], "the message begins a new run")
        #expect(harness.tables.waitingSessions(version: nil).isEmpty)
    }

    @Test func aRecordedStepThatWasTamperedWithStopsTheRunAndNothingElse() throws {
        let harness = LaneHarness([Self.greeter], settings: idle)
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(61))
        harness.write("Aisha")
        let called = harness.outbox.with { $0.called }
        let run = try #require(harness.tables.waitingRuns(of: called).runs.first)
        let step = run.steps[0].step
        let tampered = StepRecord(
            run: step.run, number: 1, kind: step.kind, session: step.session, digest: step.digest ^ 1,
            arguments: RawJSON(validated: Array(#"["other?"]"#.utf8)), location: step.location, at: step.at)
        let recorded = RecordedRun(
            record: run.record, trigger: run.trigger, triggerIsFinished: true,
            steps: [RecordedStep(step: tampered, outcome: run.steps[0].outcome), run.steps[1]])
        harness.lane.process([.revive(called, RecoveredRuns(runs: [recorded]), older: [])])
        let letter = try #require(harness.tables.dead.first?.error)
        #expect(letter.contains(#"["other?"] at fake.lua:1"#) && letter.contains(#"["name?"] at fake.lua:1"#))
        #expect(harness.sending == ["name?"])
        #expect(harness.tables.waitingSessions(version: nil).isEmpty)
    }

    @Test func aVersionThatWasFreedWhileItsRunsWereReadIsReadAgainWithItsSources() {
        let harness = LaneHarness([Self.greeter], settings: idle)
        harness.write("hi")
        harness.answer()
        harness.pass(.seconds(61))
        harness.write("Aisha")
        let called = harness.outbox.with { state in
            defer { state.called = [] }
            return state.called
        }
        harness.lane.process([.install([], keeping: []) {}])
        harness.lane.process([
            .revive(called, harness.tables.waitingRuns(of: called), older: [], omitted: ["v1"])
        ])
        #expect(harness.ends.isEmpty && harness.outbox.with { $0.called } == called)
        harness.bringBack()
        #expect(harness.sending == ["hello Aisha"])
    }

    @Test func aSessionWhoseClientWritesComesBeforeThoseThatNobodyWaitsFor() {
        var sleepers = Sleepers()
        let digests = (1...100).map { SessionDigest(rawValue: $0) }
        sleepers.add(digests)
        for digest in digests { sleepers.call(digest, isUrgent: false) }
        sleepers.call(digests[99], for: SessionID(channel: "desk", id: "100"))
        let first = sleepers.takeCalls()
        #expect(first.first == digests[99] && first.count == Sleepers.patientBatch)
        let whileReading = sleepers.takeCalls()
        #expect(whileReading.isEmpty)
        let callers = sleepers.arrive(first)
        #expect(callers.map(\.id) == ["100"])
        var rest: [SessionDigest] = []
        while case let more = sleepers.takeCalls(), !more.isEmpty {
            rest += more
            _ = sleepers.arrive(more)
        }
        #expect(Set(first + rest) == Set(digests) && (first + rest).count == digests.count)
    }

    @Test func aSessionThatClosesTellsEveryWaitAlsoWhenOneWaitsForJustThat() {
        let watcher = FakeLoader.Handler(name: "watcher", filter: Self.said("watch")) { event, outcomes in
            switch outcomes.count {
            case 0: .suspended(.wait(nil, for: ["session.closed"]))
            case 1: .reply("watched " + Self.told(outcomes[0]), to: event)
            default: .done
            }
        }
        let asker = FakeLoader.Handler(name: "asker", filter: Self.said("ask")) { event, outcomes in
            switch outcomes.count {
            case 0: .suspended(.wait(nil))
            case 1: .reply("asked " + Self.told(outcomes[0]), to: event)
            default: .done
            }
        }
        let harness = LaneHarness([watcher, asker], settings: idle)
        harness.write("watch", "ask")
        var closed = harness.event("")
        closed = Event(
            name: "session.closed", native: "closed", key: "closed", id: closed.id, at: closed.at, channel: "desk",
            platform: .bevatel, role: .operator, from: nil, session: closed.session)
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(closed)))])
        var said: [String] = []
        while let text = harness.sending.first {
            said.append(text)
            harness.answer()
        }
        #expect(said == ["watched session.closed", "asked closed"])
    }

    private static func said(_ text: String) -> EventFilter {
        var filter = EventFilter(events: ["message.created"])
        filter.texts = [text]
        return filter
    }
}
