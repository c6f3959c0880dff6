import Foundation
import PlatformSimulator
import Testing

/// The built program with a custom channel: what it tells people, and a crash in the middle of a post.
@Suite(.enabled(if: HostProcess.binary != nil), .timeLimit(.minutes(2)))
@CommandThread struct CustomHostTests {
    private func configuration(_ simulator: PlatformSimulator, server: String) -> String {
        """
        journal: { path: host.journal }
        log: { level: info, format: json }
        \(server)
        channels:
          tienda:
            platform: bonychat
            channel_id: \(CustomDemoWorld.channelID)
            api_tokens: \(CustomDemoWorld.token)
            webhook_url: \(simulator.customWebhookURL)
            id_type: custom
            rate: 100/s
        scripts: [bot.lua]
        """
    }

    private let script = """
        bot.on("message.created", function(event, session) session:reply("re " .. event.message.text) end)
        """

    @Test func theAddressForThePlatformsSettingsIsPrinted() async throws {
        let simulator = try await PlatformSimulator.start()
        let server = "server: { listen: \"127.0.0.1:8080\", public_url: \"https://bots.example.com\" }"
        let host = try HostProcess(configuration: configuration(simulator, server: server), script: script)
        let text = try host.command("check")
        #expect(text.status == 0)
        #expect(text.text.contains("https://bots.example.com/cc/tienda"))
        let json = try host.command("check", "--json").text
        let tree = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        let channel = (tree?["channels"] as? [[String: Any]])?.first
        #expect(channel?["base_url"] as? String == "https://bots.example.com/cc/tienda")
        #expect(!text.text.contains(CustomDemoWorld.token))
    }

    @Test func aChannelThatIsCalledNeedsAServer() async throws {
        let simulator = try await PlatformSimulator.start()
        let host = try HostProcess(configuration: configuration(simulator, server: ""), script: script)
        let check = try host.command("check")
        #expect(check.status == 2)
        #expect(check.text.contains("channel 'tienda' is called by its platform"))
        let run = try host.command("run")
        #expect(run.status != 0)
        #expect((run.errors + run.text).contains("channel 'tienda' is called by its platform"))
    }

    @Test func aPostThatAKillCutOffKeepsItsMID() async throws {
        let simulator = try await PlatformSimulator.start()
        let platform = simulator.custom
        let server = "server: { listen: \"127.0.0.1:0\" }"
        let host = try HostProcess(configuration: configuration(simulator, server: server), script: script)
        try host.start()
        try await wait("the host listens") { Self.port(in: host.log) != nil }
        await platform.setBase("http://127.0.0.1:\(Self.port(in: host.log) ?? 0)/cc/tienda")
        try await wait("the channel takes calls") {
            // A body that nobody can use changes nothing, and tells whether the channel is there.
            await platform.call(body: Array("{".utf8)).status == 400
        }
        await platform.fail(CustomFault(milliseconds: 30_000))
        #expect(await platform.say("hola", to: "u1").status == 200)
        try await wait("the platform has it") { await platform.posts().count == 1 }
        host.kill()
        try host.start()
        try await wait("it came again") { await platform.posts().count == 2 }
        let posts = await platform.posts()
        #expect(posts[0].mID == posts[1].mID && posts[0].body == posts[1].body)
        #expect(host.stop() == 0)
        #expect(!host.log.contains(CustomDemoWorld.token))
    }

    /// The port that the log names first.
    private static func port(in log: String) -> Int? {
        guard let match = log.firstMatch(of: /127\.0\.0\.1:([0-9]+)/) else { return nil }
        return Int(match.1)
    }
}
