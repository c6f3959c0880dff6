import Foundation
import PlatformSimulator
import Testing

/// `moonwire run --verify-replay` tells what a restart would bring to light.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct ReplayVerificationTests {
    private static let script = """
        local count = 0
        bot.on("message.created", function(event, session)
          count = count + 1
          session:note("seen")
          if count > 1 then session:reply("again")
          else session:reply("first") end
        end, { name = "counter" })
        """

    @Test func aRunThatDecidesByAFileLevelVariableIsLoggedAndGoesOn() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let host = try HostProcess(configuration: operatorConfiguration(simulator), script: Self.script)
        try host.start(["--verify-replay"])
        let control = simulator.control
        try await wait("the host is connected") { control.subscriptions == 1 }
        let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
        let conversation = try await control.openConversation(session)
        for replies in [1, 2] {
            _ = try await control.writeAsClient("hello", conversation: conversation)
            try await wait("the bot has spoken") {
                await control.waitForMessages(
                    replies, kind: .outgoing, conversation: conversation, timeout: .seconds(10))
            }
        }
        #expect(host.stop() == 0)
        let lines = host.log.split(separator: "\n").filter { $0.contains("A run cannot be replayed") }
        #expect(lines.count == 1)
        for part in ["(counter, bot.lua:2)", "at step 2", "bot.lua:5", "bot.lua:6"] {
            #expect(lines.first?.contains(part) == true, "\(part) in \(host.log)")
        }
        await simulator.stop()
    }
}
