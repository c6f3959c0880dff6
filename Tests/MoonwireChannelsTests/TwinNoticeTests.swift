import EventJSON
import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing
import TwinAPI

/// Messages that nobody waits for, by the notification service of the stand-in.
struct TwinNoticeTests {
    private static let notifications = TwinNotifications([
        .init(.init("sms", text: "", more: ["from": "Shop"])),
        .init(.init("chat", text: "", more: ["chatId": .string(TwinDemoWorld.chatID)])),
    ])

    private func run(
        _ notifications: TwinNotifications? = TwinNoticeTests.notifications,
        faults: (inout FaultSettings) -> Void = { _ in },
        _ body: (TwinHarness, any Channel) async throws -> Void
    ) async throws {
        let harness = try await TwinHarness()
        let binding = harness.channel { $0.notifications = notifications }
        harness.simulator.faults.update(faults)
        try await harness.run(TwinHarness.echo, binding) { try await body(harness, binding.channel) }
        #expect(!harness.log.text.contains(TwinDemoWorld.operatorPassword))
        await harness.simulator.stop()
    }

    private func opening(
        phone: String = "+79001112233", _ text: String = "Hi", key: String = "mw-b1-1-1", isNotice: Bool = true,
        inbox: String? = nil
    ) -> EffectDelivery {
        let opening = ChannelEffect.Opening(
            recipient: .person(name: "Ann", phone: phone, email: nil, identifier: nil), message: text, inbox: inbox,
            isNotice: isNotice)
        return EffectDelivery(
            effect: .open(opening), session: SessionID(channel: "night", id: "broadcast:1:1"), key: key,
            intendedAt: HostClock.system.now)
    }

    private func reply(_ session: String, isNotice: Bool = true) -> EffectDelivery {
        EffectDelivery(
            effect: .reply(ChannelEffect.Reply(text: "News", isNotice: isNotice)),
            session: SessionID(channel: "night", id: session), key: "mw-b1-2-1", intendedAt: HostClock.system.now)
    }

    private func error(_ channel: any Channel, _ delivery: EffectDelivery) async -> ChannelError? {
        do throws(ChannelError) {
            _ = try await channel.perform(delivery)
            return nil
        } catch {
            return error
        }
    }

    @Test func aNoticeGoesByTheServiceAndOpensNothing() async throws {
        try await run { harness, channel in
            let receipt = try await channel.perform(opening())
            let sent = await harness.twin.notifications()
            #expect(sent.map(\.address) == ["phone:79001112233"] && sent.map(\.text) == ["Hi"])
            #expect(sent.first?.channels == ["sms", "chat"])
            #expect(receipt.nativeID == sent.first?.id && receipt.session == nil)
            #expect(await harness.twin.sessions().isEmpty)
            #expect(harness.twin.counters.notified == ["phone:79001112233": 1])
        }
    }

    @Test func aScriptThatOpensGetsASession() async throws {
        try await run { harness, channel in
            let receipt = try await channel.perform(opening(isNotice: false))
            #expect(receipt.session != nil)
            #expect(await harness.twin.notifications().isEmpty)
        }
    }

    @Test func withoutTheServiceANoticeOpensASession() async throws {
        try await run(nil) { harness, channel in
            let receipt = try await channel.perform(opening())
            #expect(receipt.session != nil)
            #expect(await harness.twin.notifications().isEmpty)
        }
    }

    @Test func anInboxIsFoundByItsName() async throws {
        try await run { harness, channel in
            _ = try await channel.perform(opening(inbox: TwinDemoWorld.chatName))
            let refused = await error(channel, opening(key: "2", inbox: "Nowhere"))
            #expect(refused?.message.contains("no chat 'Nowhere'") == true && refused?.fate == .notPerformed)
            #expect(await harness.twin.notifications().count == 1)
        }
    }

    @Test func whatTheServiceRefusesFailsWithItsWords() async throws {
        try await run(faults: { $0.twin.refusedDestinations = ["phone:79001112233"] }) { _, channel in
            let refused = await error(channel, opening())
            #expect(refused?.code == "rejected" && refused?.fate == .notPerformed && refused?.retryable == false)
            #expect(refused?.message == "the notification service refused it: sms: The recipient is in the black list.")
        }
    }

    @Test func ofALostAnswerTheMessageIsFoundAgain() async throws {
        try await run(faults: { faults in
            faults.requests = [RequestFault(.hangUp, next: 1, path: "/notify/", method: "POST")]
        }) { harness, channel in
            let delivery = opening()
            #expect(await error(channel, delivery)?.fate == .inDoubt)
            let found = await channel.reconcile(delivery, recorded: [])
            guard case .performed(let receipt) = found else {
                Issue.record("it is there: \(found)")
                return
            }
            #expect(receipt.nativeID == (await harness.twin.notifications().first?.id))
        }
    }

    /// A doubt that ends retryable would be looked for again, and one that is undecided might be sent again.
    private func isSettledAsUnknown(_ found: Reconciliation) -> Bool {
        guard case .unreachable(let error) = found else { return false }
        return !error.retryable
    }

    @Test func whatIsNotFoundIsNeverSentAgain() async throws {
        try await run { harness, channel in
            #expect(isSettledAsUnknown(await channel.reconcile(opening(), recorded: [])))
            _ = try await channel.perform(opening())
            // Another recipient, another text, another attempt and another time are other messages.
            for other in [opening(phone: "+79004445566"), opening("Bye"), opening(key: "mw-b1-1-2")] {
                #expect(isSettledAsUnknown(await channel.reconcile(other, recorded: [])))
            }
            let later = opening()
            let future = EffectDelivery(
                effect: later.effect, session: later.session, key: later.key,
                intendedAt: later.intendedAt + .seconds(90))
            #expect(isSettledAsUnknown(await channel.reconcile(future, recorded: [])))
            guard case .performed = await channel.reconcile(opening(), recorded: []) else {
                Issue.record("it is there")
                return
            }
        }
    }

    @Test func aServiceThatListsAllOrNothingMisleadsNobody() async throws {
        try await run(faults: { $0.twin.filtersNotifications = false }) { harness, channel in
            _ = try await channel.perform(opening("Bye", key: "other"))
            #expect(isSettledAsUnknown(await channel.reconcile(opening(), recorded: [])))
            harness.simulator.faults.update { $0.twin.listsNotifications = false }
            #expect(isSettledAsUnknown(await channel.reconcile(opening("Bye", key: "other"), recorded: [])))
        }
    }

    @Test func withoutGroupIDsADoubtStaysOne() async throws {
        var notifications = Self.notifications
        notifications.marksGroups = false
        try await run(notifications) { harness, channel in
            _ = try await channel.perform(opening())
            #expect(isSettledAsUnknown(await channel.reconcile(opening(), recorded: [])))
            #expect(harness.requests("GET", "/notify/") == 0)
        }
    }

    @Test func aSessionOfTheSeatIsWrittenInAndOneOfSomebodyElseIsNotified() async throws {
        try await run { harness, channel in
            let own = try await harness.session("hello")
            try await wait("it is the seat's") { try await harness.said(own) == ["re hello"] }
            let foreign = try await harness.twin.startSession(
                TwinSessionStart(at: .operator(TwinDemoWorld.colleagueID))
            ).id
            _ = try await channel.perform(reply(own))
            let said = try await harness.said(own)
            #expect(said == ["re hello", "News"])
            _ = try await channel.perform(reply(foreign))
            #expect(await harness.twin.notifications().map(\.address) == ["chatSessionId:\(foreign)"])
            #expect(await harness.twin.notifications().first?.channels == ["chat"])
            // A script's answer comes too late, and is nobody's business any more.
            #expect(await error(channel, reply(foreign, isNotice: false))?.code == "closed")
            #expect(await harness.twin.notifications().count == 1)
        }
    }
}
