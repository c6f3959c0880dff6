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
        #expect(harness.finishedEvents.count == 2)
        harness.answer()
        say("more", harness)
        #expect(harness.sending == ["taken"])
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
}
