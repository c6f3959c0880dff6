import Foundation
import PlatformSimulator
import Testing

/// What is wrong is said in one clear sentence, with an exit code that is not 0 and without a secret.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct ComplaintTests {
    private let script = "bot.on(\"message.created\", function(event, session) session:reply(\"hi\") end)\n"

    private func end(of configuration: String, script: String) async throws -> (log: String, status: Int32) {
        let host = try HostProcess(configuration: configuration, script: script)
        let result = try HostProcess.output(
            ["run", "--config", host.folder.appendingPathComponent("moonwire.yaml").path])
        return (result.text + result.errors, result.status)
    }

    @Test func aWrongTokenEndsTheHost() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let configuration = operatorConfiguration(simulator).replacingOccurrences(
            of: DemoWorld.moonwireAccessToken, with: "wrongTokenThatIsSecret")
        let (log, status) = try await end(of: configuration, script: script)
        #expect(status == 1)
        #expect(log.contains("401"))
        #expect(!log.contains("wrongTokenThatIsSecret"))
        await simulator.stop()
    }

    @Test func aWrongInboxEndsTheHost() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let configuration = """
            journal: { path: host.journal }
            channels:
              shop: { platform: hoory, role: client, origin: '\(simulator.url)', inbox: noSuchInboxIdentifier }
            scripts: [bot.lua]
            """
        let (log, status) = try await end(of: configuration, script: script)
        #expect(status == 1)
        #expect(log.contains("404"))
        #expect(!log.contains("noSuchInboxIdentifier"))
        await simulator.stop()
    }

    @Test func aSyntaxErrorNamesFileAndLine() async throws {
        let host = try HostProcess(configuration: "scripts: [bot.lua]", script: "bot.on(\n  'x' function() end)\n")
        let result = try HostProcess.output(
            ["check", "--config", host.folder.appendingPathComponent("moonwire.yaml").path])
        #expect(result.status == 2)
        #expect(result.text.contains("bot.lua:2:"))
    }

    @Test func anUnreadableConfigurationSaysWhatToDo() throws {
        let result = try HostProcess.output(["run", "--config", "/nowhere/moonwire.yaml"])
        #expect(result.status == 2)
        #expect(result.errors.contains("/nowhere/moonwire.yaml: there is no such file"))
    }

    @Test func checkAnswersMachinesInJSON() throws {
        let host = try HostProcess(configuration: "scripts: [bot.lua]\nchanels: {}\n", script: script)
        let result = try HostProcess.output(
            ["check", "--json", "--config", host.folder.appendingPathComponent("moonwire.yaml").path])
        #expect(result.status == 2)
        let tree = try JSONSerialization.jsonObject(with: Data(result.text.utf8)) as? [String: Any]
        #expect(tree?["ok"] as? Bool == false)
    }
}
