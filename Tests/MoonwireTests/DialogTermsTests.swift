import Testing

@testable import Moonwire

struct DialogTermsTests {
    /// Asks within a dialog; says why the wait ended.
    private func dialog(
        _ terms: @escaping @Sendable (Instant) -> DialogTerms, timeout: Duration? = nil
    ) -> FakeLoader.Handler {
        FakeLoader.Handler(name: "dialog", filter: Self.orders) { event, outcomes in
            switch outcomes.count {
            case 0: .reply("size?", to: event)
            case 1:
                .suspended(
                    StepRequest(
                        kind: "session:wait_for",
                        action: .wait(
                            Wait(
                                events: [EventFilter(events: ["message.created"])], timeout: timeout,
                                dialog: terms(event.at))), session: nil, arguments: .emptyObject,
                        location: "fake.lua:2"))
            case 2: .reply(PassivationTests.told(outcomes[1]), to: event)
            default: .done
            }
        }
    }

    private static var orders: EventFilter {
        var filter = EventFilter(events: ["message.created"])
        filter.texts = ["order"]
        return filter
    }

    @Test func aCancelWordEndsTheWaitAndIsNobodysAnswer() {
        let harness = LaneHarness([dialog { _ in DialogTerms(cancel: ["stop it"]) }])
        harness.write("order")
        harness.answer()
        harness.write("please stop it")
        #expect(harness.sending == ["please stop it"], "only a message that is nothing but the words cancels")
        harness.answer()
        harness.write("order")
        harness.answer()
        harness.write(" Stop  IT!")
        #expect(harness.sending == ["cancelled"])
        #expect(harness.tables.waitingSessions(version: nil).isEmpty)
    }

    @Test func aRestartWordBeginsTheHandlerAnewWithItsFirstEvent() {
        let harness = LaneHarness([dialog { _ in DialogTerms(restart: ["again"]) }])
        harness.write("order")
        harness.answer()
        harness.write("again")
        #expect(harness.sending == ["size?"])
        harness.answer()
        #expect(harness.ends.map(\.state) == [.done])
        #expect(harness.lane.runs.count == 1)
        harness.write("XL")
        #expect(harness.sending == ["XL"])
    }

    @Test func aDialogExpiresHoweverLongItsWaitWouldBe() {
        let harness = LaneHarness([
            dialog({ DialogTerms(expiresAt: $0 + .seconds(100)) }, timeout: .seconds(3600))
        ])
        harness.write("order")
        harness.answer()
        harness.pass(.seconds(99))
        #expect(harness.sending.isEmpty)
        harness.pass(.seconds(1))
        harness.bringBack()
        #expect(harness.sending == ["expired"])
    }

    @Test func aTimeoutBeforeTheExpiryIsATimeout() {
        let harness = LaneHarness([dialog({ DialogTerms(expiresAt: $0 + .seconds(100)) }, timeout: .seconds(50))])
        harness.write("order")
        harness.answer()
        harness.pass(.seconds(50))
        #expect(harness.sending == ["timeout"])
    }
}
