import EventJSON
import Foundation
import Moonwire
import PlatformSimulator
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
}
