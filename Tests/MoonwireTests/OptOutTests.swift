import Testing

@testable import Moonwire

struct OptOutTests {
    /// Answers whatever it is told, and first waits for a second message.
    private static let dialog = FakeLoader.Handler(name: "dialog") { event, outcomes in
        switch outcomes.count {
        case 0: .suspended(.wait(nil))
        case 1: .reply("taken", to: event)
        default: .done
        }
    }

    private func harness(_ terms: OptOutTerms?) -> LaneHarness {
        LaneHarness([Self.dialog], settings: EngineSettings(broadcasts: BroadcastSettings(optOut: terms)))
    }

    private func say(_ text: String, _ harness: LaneHarness, from: Speaker = .client) {
        var event = harness.event(text)
        event.from = from
        event.session?.client = Client(id: "5", phone: "+966 50 000 0001")
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(event)))])
    }

    private func optOuts(_ harness: LaneHarness) -> [[String]] {
        harness.entries.compactMap { entry in
            if case .broadcast(let entry) = entry, case .optOut(let addresses, topic: "*") = entry.operation {
                return addresses
            }
            return nil
        }
    }

    @Test func theWordWinsOverADialogAndIsAnswered() {
        let harness = harness(OptOutTerms(words: ["genug"], reply: "ok"))
        say("hello", harness)
        say("Genug!", harness)
        #expect(optOuts(harness) == [["phone:+966500000001", "desk/id:5", "desk/session:1"]])
        #expect(harness.sending == ["ok"])
        #expect(harness.finishedEvents.count == 1)
        harness.answer()
        #expect(harness.finishedEvents.map(\.1) == [.handled, .handled])
        say("more", harness)
        #expect(harness.sending == ["taken"])
    }

    /// What the answer is, as another process finds it.
    private func answers(_ harness: LaneHarness) -> [(text: String, isInDoubt: Bool)] {
        harness.outbox.with { state in
            state.deliveries.map { delivery in
                if case .reply(let reply) = delivery.delivery.effect { return (reply.text, delivery.isInDoubt) }
                return ("", delivery.isInDoubt)
            }
        }
    }

    @Test func theAnswerHasAnIntentAndACrashNeitherLosesNorDoublesIt() {
        let settings = EngineSettings(broadcasts: BroadcastSettings(optOut: OptOutTerms(words: ["genug"], reply: "ok")))
        let first = harness(OptOutTerms(words: ["genug"], reply: "ok"))
        say("genug", first)
        let intents = first.entries.count { if case .intent = $0 { true } else { false } }
        #expect(intents == 1)
        // The process ends before anybody knows whether the answer left.
        let second = first.restart([Self.dialog], settings: settings)
        second.redeliverPending()
        #expect(answers(second).map(\.text) == ["ok"])
        #expect(answers(second).map(\.isInDoubt) == [true])
        second.answer()
        #expect(second.finishedEvents.map(\.1) == [.handled])
        #expect(second.ends.map(\.state) == [.done])
        #expect(second.lane.runs.isEmpty)
        // And once more: now all of it has ended.
        let third = second.restart([Self.dialog], settings: settings)
        third.redeliverPending()
        #expect(third.sending.isEmpty)
        #expect(optOuts(third).isEmpty)
    }

    @Test func aCrashBeforeTheCommitLeavesTheWordForTheNextStart() {
        let settings = EngineSettings(broadcasts: BroadcastSettings(optOut: OptOutTerms(words: ["genug"], reply: "ok")))
        let first = harness(OptOutTerms(words: ["genug"], reply: "ok"))
        first.outbox.with { state in
            state.commitLimit = state.commits + 1
            state.losesLastCommit = true
        }
        say("genug", first)
        #expect(first.sending.isEmpty)
        let second = first.restart([Self.dialog], settings: settings)
        second.redeliverPending()
        #expect(optOuts(second).count == 1)
        #expect(answers(second).map(\.isInDoubt) == [false])
    }

    @Test func theChoiceHoldsAlsoWhereAPersonKeepsTheBotOut() {
        let harness = harness(.standard)
        harness.lane.paused.insert(SessionID(channel: "desk", id: "1"))
        say("hello", harness)
        say("stop", harness)
        #expect(optOuts(harness).count == 1)
        #expect(harness.sending.isEmpty)
        #expect(harness.finishedEvents.map(\.1) == [.unmatched, .handled])
    }

    @Test func onlyTheClientCanSayIt() {
        let harness = harness(.standard)
        say("stop", harness, from: .operator)
        #expect(optOuts(harness).isEmpty)
    }

    @Test func withoutBroadcastsAWordIsAWord() {
        let harness = harness(nil)
        say("hello", harness)
        say("stop", harness)
        #expect(optOuts(harness).isEmpty)
        #expect(harness.sending == ["taken"])
    }

    @Test func whoIsKnownByTheSessionAloneIsFoundAgain() throws {
        let harness = harness(.standard)
        say("stop", harness)
        let addresses = try #require(optOuts(harness).first)
        #expect(addresses.contains { $0.hasPrefix("desk/session:") })
    }

    /// An operator who keeps the bot out reads the word herself; the bot stays silent, and the choice stands.
    @Test func theWordHoldsInASessionThatTheBotIsKeptOutOf() {
        let harness = harness(.standard)
        say("hello", harness)
        var pause = PanelEvent(
            session: Session(id: SessionID(channel: "desk", id: "1"), status: "open", owner: .bot), platform: .bevatel,
            role: .operator, app: "orders",
            person: Operator(id: "23", name: "Layla")
        ).named(PanelEvent.paused, key: "k", at: harness.outbox.with { $0.now })
        pause.id = "900"
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(pause)))])
        say("stop", harness)
        #expect(optOuts(harness).count == 1)
        #expect(harness.sending.isEmpty)
        #expect(harness.finishedEvents.last?.1 == .handled)
    }

    private func known(_ harness: LaneHarness) -> [String] {
        harness.entries.compactMap { entry in
            if case .broadcast(let entry) = entry, case .know(let session, let addresses) = entry.operation {
                return "\(session) \(addresses.joined(separator: " "))"
            }
            return nil
        }
    }

    @Test func theLedgerLearnsOnceWhoseSessionItIs() {
        let harness = harness(.standard)
        say("hello", harness)
        say("again", harness)
        harness.write("nobody known", session: "2")
        #expect(known(harness) == ["desk/1 phone:+966500000001 desk/id:5"])
        var event = harness.event("it is me")
        event.session?.client = Client(id: "5", email: "a@example.com")
        harness.lane.process([.event(PendingEvent(admitted: harness.admit(event)))])
        #expect(known(harness).last == "desk/1 email:a@example.com desk/id:5")
        let silent = self.harness(nil)
        say("hello", silent)
        #expect(known(silent).isEmpty, "where nothing is sent, nothing is kept")
    }

    @Test func aSessionWithoutAClientOptsOutByItself() {
        let harness = harness(.standard)
        harness.write("stop")
        #expect(optOuts(harness) == [["desk/session:1"]])
    }
}
