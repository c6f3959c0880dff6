import Foundation
import Moonwire
import PlatformSimulator
import Testing

/// Examples that name no platform, on each platform and from both sides.
struct EverywhereTests {
    private func script(_ name: String = "everywhere") throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("examples/\(name).lua"), encoding: .utf8)
    }

    @Test func theSameScriptServesTWIN24() async throws {
        let harness = try await TwinHarness()
        try await harness.run(try script()) {
            let id = try await harness.session("Hello")
            try await wait("the menu") {
                try await harness.said(id) == ["How can I help?\n1. Opening hours\n2. Talk to a person"]
            }
            try await harness.twin.writeAsClient("talk to a person", session: id)
            try await wait("the session moves on") {
                harness.requests("PATCH", "/sessions/\(id)/groupoperators/\(TwinDemoWorld.supportGroupID)") == 1
            }
            let said = try await harness.said(id)
            #expect(said.last == "One moment, please.")
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        await harness.simulator.stop()
    }

    @Test func theSameScriptServesACustomersSideOnHoory() async throws {
        let harness = try await HostHarness()
        try await harness.run(try script(), channels: [harness.clientChannel()]) { _ in
            let control = harness.simulator.control
            let id = try #require(await control.conversations().first { $0.inboxID == DemoWorld.hooryInboxID }?.id)
            _ = try await control.writeAsOperator("Hello", conversation: id)
            try await wait("the list") {
                try await harness.texts(id, .incoming) == ["How can I help?\n1. Opening hours\n2. Talk to a person"]
            }
            _ = try await control.writeAsOperator("2", conversation: id)
            try await wait("the goodbye") { try await harness.texts(id, .incoming).last == "One moment, please." }
            try await wait("the run ends well") { harness.notices.all.contains("ended menu done") }
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        await harness.simulator.stop()
    }

    @Test(arguments: [Platform.bevatel, .hoory])
    func theSameScriptServesTheDeskOfTheChatwootFamily(platform: Platform) async throws {
        let harness = try await HostHarness()
        try await harness.run(try script(), channels: [harness.operatorChannel(platform: platform)]) { _ in
            let inbox = platform == .hoory ? DemoWorld.hooryInboxIdentifier : DemoWorld.bevatelInboxIdentifier
            let id = try await harness.conversation(inbox)
            let control = harness.simulator.control
            _ = try await control.writeAsClient("Hello", conversation: id)
            try await wait("the menu") { try await harness.texts(id) == ["How can I help?"] }
            _ = try await control.writeAsClient("2", conversation: id)
            try await wait("the label") { try await control.conversation(id).labels == ["wants-a-person"] }
            try await wait("the goodbye") { try await harness.texts(id).last == "One moment, please." }
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") })
        await harness.simulator.stop()
    }

    @Test func whoWaitedInTheQueueIsServedOnceThereIsAConnection() async throws {
        let twin = try await TwinHarness()
        var waiting: [String] = []
        for _ in 0..<2 { waiting.append(try await twin.twin.startSession(TwinSessionStart("anybody?", at: .help)).id) }
        try await twin.run(try script("doors_open")) {
            for id in waiting {
                try await wait("it is greeted") {
                    try await twin.said(id) == ["Thank you for waiting. How can I help?"]
                }
            }
            let connections = twin.count("channel.connected")
            twin.twin.streams(.kill)
            try await wait("connected again") { twin.count("channel.connected") > connections }
        }
        #expect(!twin.notices.all.contains { $0.hasPrefix("failed") }, "\(twin.notices.all)")
        await twin.simulator.stop()

        let desk = try await HostHarness()
        let id = try await desk.conversation()
        try await desk.run(try script("doors_open"), channels: [desk.operatorChannel()]) { _ in
            try await wait("it is greeted") { try await desk.texts(id) == ["Thank you for waiting. How can I help?"] }
        }
        #expect(!desk.notices.all.contains { $0.hasPrefix("failed") }, "\(desk.notices.all)")
        await desk.simulator.stop()
    }
}
