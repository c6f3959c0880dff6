import Testing

@testable import Moonwire

struct PauseTests {
    private let person = Operator(id: "23", name: "Layla")

    private func session(_ owner: Owner = .bot) -> Session {
        Session(id: SessionID(channel: "desk", id: "1"), status: "open", owner: owner)
    }

    private func page(_ name: String, _ harness: LaneHarness, key: String = "k", owner: Owner = .bot) {
        let event = PanelEvent(
            session: session(owner), platform: .bevatel, role: .operator, app: "orders", person: person
        ).named(name, key: key, at: harness.outbox.with { $0.now })
        feed(event, harness)
    }

    private func feed(_ event: Event, _ harness: LaneHarness) {
        var numbered = harness.event("")
        let id = numbered.id
        numbered = event
        numbered.id = id
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(numbered)))])
    }

    private func lifeCycle(_ name: String, _ harness: LaneHarness, owner: Owner = .operator) {
        var event = harness.event("", owner: owner)
        event.name = name
        event.key = "\(name):\(event.id)"
        event.message = nil
        event.from = nil
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(event)))])
    }

    @Test func aPausedSessionTakesNoMessageAndItsDialogGoesOnWaiting() {
        let harness = LaneHarness([PassivationTests.greeter])
        harness.write("hi")
        harness.answer()
        page(PanelEvent.paused, harness)
        harness.write("Aisha", "still there?")
        #expect(harness.sending.isEmpty)
        #expect(harness.finishedEvents.suffix(2).map(\.1) == [.unmatched, .unmatched])
        harness.write("hello", session: "2")
        #expect(harness.sending == ["name?"], "other sessions go on")
        harness.answer()
        page(PanelEvent.resumed, harness, key: "r")
        #expect(harness.sending.isEmpty, "what was said meanwhile is not answered late")
        harness.write("Aisha")
        #expect(harness.sending == ["hello Aisha"])
    }

    @Test func aDeadlineThatFallsIntoThePauseIsToldBehindIt() {
        let harness = LaneHarness([PassivationTests.greeter])
        harness.write("hi")
        harness.answer()
        page(PanelEvent.paused, harness)
        harness.pass(.seconds(3700))
        #expect(harness.sending.isEmpty)
        page(PanelEvent.resumed, harness, key: "r")
        harness.bringBack()
        #expect(harness.sending == ["hello timeout"])
    }

    @Test func aHumanWhoTakesThePausedSessionIsToldToTheDialogBehindThePause() {
        let harness = LaneHarness([PassivationTests.greeter])
        harness.write("hi")
        harness.answer()
        page(PanelEvent.paused, harness)
        lifeCycle("session.assigned", harness)
        #expect(harness.sending.isEmpty)
        #expect(!harness.finishedEvents.contains { $0.0.rawValue == 3 }, "the journal keeps it until then")
        page(PanelEvent.resumed, harness, key: "r")
        #expect(harness.sending == ["hello transferred"])
    }

    @Test func aSessionThatIsClosedIsNotPausedAnyMore() {
        let harness = LaneHarness([PassivationTests.greeter])
        harness.write("hi")
        harness.answer()
        page(PanelEvent.paused, harness)
        lifeCycle("session.closed", harness)
        #expect(harness.sending == ["hello closed"])
        #expect(harness.tables.pauses.isEmpty)
        #expect(harness.entries.contains { if case .pause(_, nil) = $0 { true } else { false } })
        harness.answer()
        harness.write("hi again")
        #expect(harness.sending == ["name?"])
    }

    @Test func aPauseOutlivesTheProcess() {
        let harness = LaneHarness([PassivationTests.greeter])
        harness.write("hi")
        harness.answer()
        page(PanelEvent.paused, harness)
        let next = harness.restart([PassivationTests.greeter], paused: [session().id])
        next.write("Aisha")
        next.bringBack()
        #expect(next.sending.isEmpty)
        page(PanelEvent.resumed, next, key: "r")
        next.bringBack()
        next.write("Aisha")
        next.bringBack()
        #expect(next.sending == ["hello Aisha"])
    }

    @Test func eventsOfTheHostsPagesPassThePause() {
        let panel = FakeLoader.Handler(name: "panel", filter: EventFilter(events: [PanelEvent.action])) {
            event, outcomes in
            outcomes.isEmpty ? .reply("pressed", to: event) : .done
        }
        let harness = LaneHarness([PassivationTests.greeter, panel])
        page(PanelEvent.paused, harness)
        page(PanelEvent.action, harness, key: "a")
        #expect(harness.sending == ["pressed"])
    }

    @Test func aHandoverEndsWhatWaits() {
        let harness = LaneHarness([PassivationTests.greeter])
        harness.write("hi")
        harness.answer()
        page(PanelEvent.handover, harness)
        #expect(harness.sending == ["hello transferred"])
    }

    @Test func typingInAPausedSessionReachesNobody() {
        let waiter = FakeLoader.Handler(name: "waiter") { event, outcomes in
            outcomes.isEmpty ? .suspended(.wait(nil)) : .reply("took it", to: event)
        }
        let harness = LaneHarness([waiter])
        harness.write("hi")
        page(PanelEvent.paused, harness)
        let typing = harness.event("typing")
        harness.lane.process([.ephemeral(typing, EventBody(typing))])
        #expect(harness.sending.isEmpty)
    }
}
