import Testing

@testable import Moonwire

struct LaneTests {
    private let echo = FakeLoader.Handler(name: "echo") { event, outcomes in
        outcomes.isEmpty ? .reply("re " + (event.message?.text ?? ""), to: event) : .done
    }

    @Test func aSessionAnswersOneEventAfterTheOtherAndSessionsGoSideBySide() {
        let harness = LaneHarness([echo])
        harness.write("a", "b")
        harness.write("c", session: "2")
        #expect(harness.sending == ["re a", "re c"])
        harness.answer()
        #expect(harness.sending == ["re c", "re b"])
    }

    @Test func theIntentIsWrittenBeforeTheEffectAndTheOutcomeAfterIt() throws {
        let harness = LaneHarness([echo])
        harness.write("a")
        harness.answer()
        let kinds = harness.entries.map { entry in
            switch entry {
            case .version: "version"
            case .startRun: "run"
            case .intent: "intent"
            case .outcome: "outcome"
            case .finishRun: "finish"
            case .finishEvent: "event"
            default: "other"
            }
        }
        #expect(kinds == ["version", "run", "intent", "outcome", "finish", "event"])
    }

    @Test func handlersRunByPriorityUntilOneStops() {
        let late = FakeLoader.Handler(name: "late", priority: -1) { event, _ in .reply("late", to: event) }
        let stopping = FakeLoader.Handler(name: "stop", priority: 5) { event, outcomes in
            outcomes.isEmpty ? .reply("first", to: event) : .finished(stops: true)
        }
        let harness = LaneHarness([late, stopping])
        harness.write("a")
        #expect(harness.sending == ["first"])
        harness.answer()
        #expect(harness.sending == [])
        #expect(harness.finishedEvents.map(\.1) == [.handled])
    }

    @Test func anEventThatNothingWantsIsRecordedAsUnmatched() {
        var handler = echo
        handler.filter.texts = ["only this"]
        let harness = LaneHarness([handler])
        harness.write("something else")
        #expect(harness.finishedEvents.map(\.1) == [.unmatched])
    }

    @Test func theRunThatWaitsTakesTheNextMessage() {
        let dialog = FakeLoader.Handler(name: "dialog") { event, outcomes in
            switch outcomes.count {
            case 0: return .reply("name?", to: event)
            case 1: return .suspended(.wait(nil))
            case 2:
                guard case .event(let answer) = outcomes[1].result else { return .done }
                return .reply("hi " + (answer.event.message?.text ?? ""), to: event)
            default: return .done
            }
        }
        let harness = LaneHarness([dialog])
        harness.write("start")
        harness.answer()
        harness.write("Sara")
        #expect(harness.sending == ["hi Sara"])
        #expect(harness.lane.runs.count == 1, "the message began no second run")
    }

    @Test func aWaitEndsByTheClockToo() {
        let dialog = FakeLoader.Handler(name: "dialog") { event, outcomes in
            if outcomes.isEmpty { return .suspended(.wait(.seconds(60))) }
            if case .none(let reason) = outcomes[0].result, outcomes.count == 1 { return .reply(reason, to: event) }
            return .done
        }
        let harness = LaneHarness([dialog])
        harness.write("start")
        harness.pass(.seconds(59))
        #expect(harness.sending == [])
        harness.pass(.seconds(1))
        #expect(harness.sending == ["timeout"])
    }

    @Test func aWaitThatFallsDueWhileAnotherRunExecutesTakesItsTurn() {
        let handler = FakeLoader.Handler(name: "both") { event, outcomes in
            if event.message?.text == "wait" {
                if outcomes.isEmpty { return .suspended(.wait(.seconds(60), for: [])) }
                return outcomes.count == 1 ? .reply("slept", to: event) : .done
            }
            return outcomes.isEmpty ? .reply("busy", to: event) : .done
        }
        let harness = LaneHarness([handler])
        harness.write("wait")
        harness.write("other")
        harness.pass(.seconds(61))
        #expect(harness.sending == ["busy"])
        harness.answer()
        #expect(harness.sending == ["slept"])
    }

    @Test(arguments: [("session.closed", Owner.queue, "closed"), ("session.assigned", .operator, "transferred")])
    func aWaitEndsWhenNobodyIsLeftToAnswer(name: String, owner: Owner, reason: String) {
        let dialog = FakeLoader.Handler(name: "dialog") { event, outcomes in
            if outcomes.isEmpty { return .suspended(.wait(nil)) }
            if case .none(let reason) = outcomes[0].result, outcomes.count == 1 { return .reply(reason, to: event) }
            return .done
        }
        let harness = LaneHarness([dialog])
        harness.write("start")
        var event = harness.event("", owner: owner)
        event.name = name
        event.message = nil
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(event)))])
        #expect(harness.sending == [reason])
    }

    @Test func aFailedRunIsKeptAsADeadLetterAndTheSessionGoesOn() {
        let handler = FakeLoader.Handler(name: "bad") { event, outcomes in
            if event.message?.text == "bad" {
                return .failed(ScriptFailure(kind: .runtime, message: "fake.lua:3: oops"))
            }
            return outcomes.isEmpty ? .reply("fine", to: event) : .done
        }
        let harness = LaneHarness([handler])
        harness.write("bad", "good")
        #expect(harness.sending == ["fine"])
        let letters = harness.entries.compactMap { if case .deadLetter(let letter) = $0 { letter.error } else { nil } }
        #expect(letters == ["fake.lua:3: oops"])
        #expect(harness.finishedEvents.map(\.1) == [.failed])
    }

    @Test func whereTheBotWasInChargeAHumanTakesOverAfterAFailure() {
        let handler = FakeLoader.Handler(name: "bad") { _, _ in
            .failed(ScriptFailure(kind: .cpu, message: "fake.lua:3: too long"))
        }
        let harness = LaneHarness([handler])
        let event = harness.event("x", owner: .bot)
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(event)))])
        #expect(harness.sending == ["transfer"])
        harness.answer()
        #expect(harness.lane.runs.isEmpty)
        #expect(harness.finishedEvents.map(\.1) == [.failed])
    }

    @Test func twoBotsThatAnswerEachOtherAreStopped() {
        let chatter = FakeLoader.Handler(name: "chatter") { event, outcomes in
            if let last = outcomes.last, case .failure(let failure) = last.result {
                return .failed(ScriptFailure(kind: .runtime, message: failure.code))
            }
            return .reply("\(outcomes.count)", to: event)
        }
        let harness = LaneHarness([chatter], settings: EngineSettings(loopGuardLimit: 5))
        harness.write("go")
        while !harness.sending.isEmpty { harness.answer() }
        let sent = harness.entries.count { if case .intent = $0 { true } else { false } }
        #expect(sent == 6, "five messages and the one that was stopped")
        #expect(harness.lane.runs.isEmpty)
    }

    @Test func aLaneThatIsToEndBeginsNothingNew() {
        let harness = LaneHarness([echo])
        harness.write("a", "b")
        harness.lane.process([.drain])
        harness.answer()
        #expect(harness.sending == [])
        #expect(harness.finishedEvents.isEmpty, "the journal keeps what is left")
    }

    @Test func aRunHasAnEnd() {
        let endless = FakeLoader.Handler(name: "endless") { _, _ in .suspended(.wait(.zero, for: [])) }
        let harness = LaneHarness([endless], settings: EngineSettings(maxSteps: 10))
        harness.write("go")
        for _ in 0..<20 { harness.pass(.milliseconds(1)) }
        #expect(harness.lane.runs.isEmpty)
        #expect(harness.entries.contains { if case .deadLetter = $0 { true } else { false } })
    }

    @Test func anIdleSessionLeavesNothingBehind() {
        let harness = LaneHarness([echo])
        for number in 0..<100 { harness.write("x", session: "\(number)") }
        while !harness.sending.isEmpty { harness.answer() }
        harness.pass(.seconds(120))
        #expect(harness.lane.sessions.isEmpty)
        #expect(harness.lane.runs.isEmpty)
    }
}
