import EventJSON
import Testing

@testable import Centrifuge

/// Subscriptions that the client asks for.
@Suite struct SubscriptionTests {
    private static let reply =
        #""subscribe":{"recoverable":true,"positioned":true,"epoch":"e","offset":10,"recovered":true,"#
        + #""was_recovering":true,"publications":[{"data":1,"offset":11}]}"#

    /// A client with one subscription, its events taken.
    private func subscribed(
        _ options: CentrifugeSubscriptionOptions = CentrifugeSubscriptionOptions(),
        _ result: String = #"{"recoverable":true,"epoch":"e","offset":10}"#, answers: [CredentialAnswer] = [],
        random: Double = 0
    ) throws -> MachineHarness {
        var harness = MachineHarness(random: random)
        harness.answers = answers
        _ = try harness.machine.subscribe("news", options, now: harness.now)
        harness.connect()
        _ = harness.receive(#"{"id":2,"subscribe":\#(result)}"#)
        #expect(harness.events().last == "subscribed news")
        return harness
    }

    private func withProvider(_ token: String = "") -> CentrifugeSubscriptionOptions {
        CentrifugeSubscriptionOptions(token: token, tokenProvider: { _ in nil })
    }

    @Test func commandsGoOutTogetherWithConnect() throws {
        var harness = MachineHarness()
        let options = CentrifugeSubscriptionOptions(
            token: "t", data: Array("[1]".utf8), since: CentrifugePosition(epoch: "e", offset: 9),
            isPositioned: true, isRecoverable: true, joinLeave: true)
        _ = try harness.machine.subscribe("news", options, now: harness.now)
        _ = try harness.machine.subscribe("weather", CentrifugeSubscriptionOptions(), now: harness.now)
        let sent = harness.open().sent
        #expect(
            sent == [
                [
                    #"{"id":1,"connect":{}}"#,
                    #"{"id":2,"subscribe":{"channel":"news","token":"t","data":[1],"recover":true,"offset":9,"#
                        + #""epoch":"e","positioned":true,"recoverable":true,"join_leave":true}}"#,
                    #"{"id":3,"subscribe":{"channel":"weather"}}"#,
                ].joined(separator: "\n")
            ])
        _ = harness.receive(#"{"id":1,"connect":{}}"# + "\n" + #"{"id":2,\#(Self.reply)}"#)
        #expect(
            harness.events() == [
                "subscribing news 0", "subscribing weather 0", "connecting 0", "connected",
                "subscribed news recovering recovered", "news/11",
            ])
    }

    @Test func manyCommandsAreSplitIntoSeveralMessages() throws {
        var harness = MachineHarness { $0.maxCommandBytes = 200 }
        for number in 0..<10 {
            _ = try harness.machine.subscribe("channel-\(number)", CentrifugeSubscriptionOptions(), now: harness.now)
        }
        let actions = harness.open()
        #expect(actions.sent.count > 1 && actions.sent.allSatisfy { $0.utf8.count <= 200 })
        #expect(actions.ids == Array(1...11))
    }

    @Test func publicationsAreDeliveredOnceAndOnlyWhenSubscribed() throws {
        var harness = try subscribed()
        _ = harness.receive(
            [push("news", 10), push("news", 11), push("news", 11), push("other", 1)].joined(separator: "\n"))
        #expect(harness.events() == ["news/11"])
    }

    @Test func resubscribesFromItsPositionAfterALoss() throws {
        var harness = try subscribed()
        _ = harness.receive(push("news", 11))
        _ = harness.close(1006)
        #expect(harness.events() == ["news/11", "subscribing news 1", "connecting 1"])
        let sent = harness.connect().sent
        #expect(sent.first?.contains(#"{"channel":"news","recover":true,"offset":11,"epoch":"e"}"#) == true)
        _ = harness.receive(#"{"id":4,"subscribe":{"recoverable":true,"epoch":"f","was_recovering":true}}"#)
        #expect(harness.events() == ["connected", "subscribed news recovering lost"])
    }

    @Test func secondSubscriptionToAChannelIsRefused() throws {
        var harness = try subscribed()
        let error = #expect(throws: CentrifugeError.self) {
            try harness.machine.subscribe("news", CentrifugeSubscriptionOptions(), now: harness.now)
        }
        #expect(error?.code == .duplicateSubscription)
    }

    @Test func unsubscribingTellsTheServer() throws {
        var harness = try subscribed()
        let actions = try harness.machine.unsubscribe("news", now: harness.now)
        #expect(actions.sent == [#"{"id":3,"unsubscribe":{"channel":"news"}}"#])
        #expect(harness.receive(#"{"id":3,"unsubscribe":{}}"# + "\n" + push("news", 11)) == [])
        #expect(harness.events() == ["unsubscribed news 0"])
        #expect(throws: CentrifugeError.self) { try harness.machine.unsubscribe("news", now: harness.now) }
        #expect(harness.advance(.seconds(60)) == [])
    }

    @Test func failedUnsubscribeCostsTheConnection() throws {
        var harness = try subscribed()
        _ = try harness.machine.unsubscribe("news", now: harness.now)
        _ = harness.receive(#"{"id":3,"error":{"code":100,"message":"x"}}"#)
        #expect(harness.events() == ["unsubscribed news 0", "connecting 4", "failure 100"])
        harness = try subscribed()
        _ = try harness.machine.unsubscribe("news", now: harness.now)
        #expect(harness.advance(.seconds(5)).contains(.drop(1)))
        #expect(harness.events() == ["unsubscribed news 0", "connecting 4"])
    }

    @Test func unansweredSubscribeCostsTheConnection() throws {
        var harness = MachineHarness.connected()
        _ = try harness.machine.subscribe("news", CentrifugeSubscriptionOptions(), now: harness.now)
        #expect(harness.advance(.seconds(5)).contains(.drop(1)))
        #expect(harness.events() == ["subscribing news 0", "connecting 3"])
    }

    @Test func temporaryErrorIsRetriedWithGrowingWaits() throws {
        var harness = MachineHarness.connected(random: 0.9999)
        _ = try harness.machine.subscribe("news", CentrifugeSubscriptionOptions(), now: harness.now)
        var waits: [Duration] = []
        for id in 2..<6 {
            _ = harness.receive(#"{"id":\#(id),"error":{"code":111,"message":"slow down","temporary":true}}"#)
            let before = harness.now
            let due = try #require(harness.machine.nextDeadline)
            #expect(harness.advance(due - before).ids == [id + 1])
            waits.append(due - before)
        }
        #expect(waits == waits.sorted() && waits[3] > waits[0] && waits[0] <= .seconds(1))
        #expect(harness.machine.isConnected)
    }

    @Test func finalErrorEndsTheSubscriptionAlone() throws {
        var harness = MachineHarness.connected()
        _ = try harness.machine.subscribe("news", CentrifugeSubscriptionOptions(), now: harness.now)
        _ = harness.receive(#"{"id":2,"error":{"code":103,"message":"permission denied"}}"#)
        #expect(harness.events() == ["subscribing news 0", "unsubscribed news 103"])
        #expect(harness.machine.isConnected)
    }

    @Test func lateAnswerToAnEarlierSubscriptionIsIgnored() throws {
        var harness = MachineHarness.connected()
        let options = CentrifugeSubscriptionOptions()
        _ = try harness.machine.subscribe("news", options, now: harness.now)
        _ = try harness.machine.unsubscribe("news", now: harness.now)
        _ = try harness.machine.subscribe("news", options, now: harness.now)
        _ = harness.events()
        _ = harness.receive(#"{"id":2,"error":{"code":103}}"# + "\n" + #"{"id":3,"unsubscribe":{}}"#)
        #expect(harness.events() == [])
        _ = harness.receive(#"{"id":4,"subscribe":{}}"#)
        #expect(harness.events() == ["subscribed news"])
    }

    @Test func expiredTokenIsReplaced() throws {
        var harness = MachineHarness.connected(random: 0)
        _ = try harness.machine.subscribe("news", withProvider("old"), now: harness.now)
        _ = harness.receive(#"{"id":2,"error":{"code":109,"message":"token expired"}}"#)
        #expect(harness.events() == ["subscribing news 0", "failure 109"])
        harness.answers = [.token("new")]
        #expect(
            harness.advance(.seconds(1)).sent == [#"{"id":3,"subscribe":{"channel":"news","token":"new"}}"#])

        harness = MachineHarness.connected()
        _ = try harness.machine.subscribe("news", CentrifugeSubscriptionOptions(token: "old"), now: harness.now)
        _ = harness.receive(#"{"id":2,"error":{"code":109,"message":"token expired"}}"#)
        #expect(harness.events() == ["subscribing news 0", "unsubscribed news 1"])
    }

    @Test func tokenOfASubscriptionIsRenewed() throws {
        let result = #"{"expires":true,"ttl":60}"#
        var harness = try subscribed(withProvider("t1"), result)
        harness.answers = [.failed("no"), .token("t2"), .token("t3")]
        #expect(harness.advance(.seconds(60)).questions.count == 1)
        #expect(harness.events() == ["failure 9"])
        #expect(harness.advance(.seconds(5)).sent == [#"{"id":3,"sub_refresh":{"channel":"news","token":"t2"}}"#])
        _ = harness.receive(#"{"id":3,"sub_refresh":{"expires":true,"ttl":120}}"#)
        #expect(harness.advance(.milliseconds(119_999)) == [])
        #expect(harness.advance(.milliseconds(1)).ids == [4])
        let end = harness.receive(#"{"id":4,"error":{"code":103,"message":"permission denied"}}"#)
        #expect(end.sent == [#"{"id":5,"unsubscribe":{"channel":"news"}}"#])
        #expect(harness.events() == ["unsubscribed news 103"])
    }

    @Test func providerWithoutATokenEndsTheSubscription() throws {
        var harness = MachineHarness.connected()
        harness.answers = [.unauthorized]
        let actions = try harness.machine.subscribe("news", withProvider(), now: harness.now)
        #expect(harness.answerAll(actions) == [])
        #expect(harness.events() == ["subscribing news 0", "unsubscribed news 1"])
    }

    @Test func pushedUnsubscribeIsFinalBelow2500() throws {
        var harness = try subscribed()
        #expect(harness.receive(#"{"push":{"channel":"news","unsubscribe":{"code":2000,"reason":"x"}}}"#) == [])
        #expect(harness.events() == ["unsubscribed news 2000"])

        harness = try subscribed()
        let again = harness.receive(#"{"push":{"channel":"news","unsubscribe":{"code":2500,"reason":"x"}}}"#)
        #expect(again.sent.first?.contains(#""recover":true,"offset":10,"epoch":"e""#) == true)
        #expect(harness.events() == ["subscribing news 2500"])

        harness = try subscribed()
        let forgotten = harness.receive(#"{"push":{"channel":"news","unsubscribe":{"code":2502,"reason":"x"}}}"#)
        #expect(forgotten.sent == [#"{"id":3,"subscribe":{"channel":"news","recover":true,"epoch":"_"}}"#])
    }

    @Test func invalidatedStateIsAskedForSoThatTheServerMustSayNo() throws {
        var harness = try subscribed()
        _ = harness.close(3014)
        _ = harness.events()
        #expect(harness.open().sent.first?.contains(#""recover":true,"epoch":"_""#) == true)
    }

    @Test func comingAndGoingOfOthersIsTold() throws {
        var harness = try subscribed()
        _ = harness.receive(
            [
                #"{"push":{"channel":"news","join":{"info":{"user":"u","client":"x"}}}}"#,
                #"{"push":{"channel":"news","leave":{"info":{"user":"u","client":"x"}}}}"#,
                #"{"push":{"channel":"other","join":{"info":{"user":"u","client":"x"}}}}"#,
            ].joined(separator: "\n"))
        #expect(harness.events() == ["join news u", "leave news u"])
    }
}
