import CustomChannelAPI
import EventJSON
import Foundation
import Moonwire
import PlatformSimulator
import Synchronization
import Testing

/// Plays what the examples for a custom channel promise, over both platforms' wires.
@Suite struct CustomExampleTests {
    @Test func desksAreJoinedBothWays() async throws {
        let harness = try await CustomHarness()
        let script = try harness.example("join_desks.lua")
        try await harness.run(script, others: [harness.twin()]) { _ in
            let twin = harness.simulator.twin
            let session = try await twin.startSession(
                TwinSessionStart("my lamp is broken", at: .operator(TwinDemoWorld.operatorID))
            ).id
            try await wait("the desk has it") { await harness.platform.posts("message").count == 1 }
            let post = try #require(await harness.platform.posts("message").first)
            #expect(post.message?["text"] == "my lamp is broken")
            #expect(post.contactID.wholeMatch(of: /night_[A-Za-z0-9]{1,36}/) != nil)

            let answer = await harness.platform.say("We send a new one.", to: post.contactID)
            #expect(answer.status == 200)
            try await wait("the customer has it") {
                try await twin.messages(of: session).contains {
                    $0.authorType == "OPERATOR" && $0.body == "We send a new one."
                }
            }
            try await wait("the agent knows") {
                await harness.platform.messages(of: post.contactID).last?.status == "delivered"
            }
            let question = #"{"type":"quick_reply","title":"Fine?","replies":["Yes","No"]}"#
            await harness.platform.send(json: question, to: post.contactID)
            try await wait("the customer is asked") {
                try await twin.messages(of: session).contains { $0.body == "Fine?\n1. Yes\n2. No" }
            }
            let lost = try #require(await harness.platform.say("hello?", to: "nobody").mID)
            try await wait("the agent learns that nobody is there") {
                await harness.platform.messages(of: "nobody").contains {
                    $0.mID == lost && $0.reason == "Nobody knows where this customer writes."
                }
            }
            #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        }
    }

    @Test func aCustomerWhoseMessageIsNotTakenHoldsNoOther() async throws {
        let harness = try await CustomHarness()
        let script = try harness.example("sms_bridge.lua")
        try await harness.run(script, idType: .phone, outbound: SMSGateway()) { host in
            func writes(_ number: String, _ text: String) async throws {
                let status = try await harness.callWebhook(
                    "sms", of: host,
                    ["id": .string(number + text), "type": "message", "from": .string(number), "text": .string(text)])
                #expect(status == 200)
            }
            await harness.platform.fail(CustomFault(status: 503, contactID: "+5215512345678", count: 0))
            try await writes("+5215512345678", "1")
            try await wait("the first is tried") { await !harness.platform.posts("message").isEmpty }
            try await writes("+5215512345678", "2")
            try await writes("+60177872890", "hola")
            try await wait("the other one is there") {
                await harness.platform.messages(of: "+60177872890").map(\.text) == ["hola"]
            }
            await harness.platform.heal()
            try await wait("both are there") {
                await harness.platform.messages(of: "+5215512345678").count == 2
            }
            #expect(await harness.platform.messages(of: "+5215512345678").map(\.text) == ["1", "2"])
        }
    }

    @Test func aProviderIsBridged() async throws {
        let harness = try await CustomHarness()
        let gateway = SMSGateway()
        try await harness.run(try harness.example("sms_bridge.lua"), idType: .phone, outbound: gateway) { host in
            let sms: JSON = ["id": "77", "type": "message", "from": "+5215512345678", "text": "hola"]
            for _ in 1...2 {
                let status = try await harness.callWebhook("sms", of: host, sms)
                #expect(status == 200)
            }
            try await wait("the desk has it") { await harness.platform.posts("message").count == 1 }

            let mID = try #require(await harness.platform.say("¿Qué talla?", to: "+5215512345678").mID)
            try await wait("the provider has it") { !gateway.sent.isEmpty }
            #expect(gateway.sent == [["to": "+5215512345678", "text": "¿Qué talla?", "key": .string(mID)]])
            let status = try await harness.callWebhook(
                "sms", of: host, ["id": "sms-1", "type": "report", "status": "delivered"])
            #expect(status == 200)
            try await wait("the agent knows") {
                await harness.platform.messages(of: "+5215512345678").last?.status == "delivered"
            }
            // The provider's second call of the first message has been handled by now.
            #expect(await harness.platform.posts("message").count == 1)

            gateway.refuse()
            await harness.platform.say("¿Hola?", to: "+5215512345678")
            try await wait("the agent learns of the refusal") {
                await harness.platform.messages(of: "+5215512345678").last?.reason
                    == "The SMS provider refused the message."
            }
            #expect(!harness.log.text.contains("SecretForDocs"))
        }
    }
}

/// The provider's API.
private final class SMSGateway: OutboundHTTP {
    private let messages = Mutex<[JSON]>([])
    private let status = Mutex(200)

    var sent: [JSON] { messages.withLock { $0 } }

    func refuse() { status.withLock { $0 = 422 } }

    func send(_ request: HostEffect.OutboundRequest, key: String) async throws(ChannelError) -> RawJSON {
        let message = request.body.flatMap { try? JSON(parsing: $0) } ?? .null
        let number = messages.withLock { messages in
            messages.append(message)
            return messages.count
        }
        let body: JSON = ["id": .string("sms-\(number)")]
        let answer: JSON = [
            "status": .int(Int64(status.withLock { $0 })), "headers": [:],
            "body": .string(String(decoding: body.bytes, as: UTF8.self)),
        ]
        return RawJSON(validated: answer.bytes)
    }
}
