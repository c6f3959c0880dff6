import Foundation
import PlatformSimulator
import Testing

@testable import MoonwireCommand

/// The commands against the built host: what a person sees, and what clients of the bot see of it.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct ReloadCommandTests {
    /// Asks one question and answers with its number.
    private func dialog(_ number: Int) -> String {
        """
        bot.on("message.created", function(event, session)
          local name = session:ask("Name, please?", { timeout = "1h" })
          session:reply("%s heard by \(number)", tostring(name))
        end)
        """
    }

    private struct World {
        let simulator: PlatformSimulator
        let host: HostProcess
        var control: SimulatorControl { simulator.control }

        init(_ script: String, extra: String = "") async throws {
            simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
            host = try HostProcess(configuration: operatorConfiguration(simulator, extra: extra), script: script)
            try await start()
        }

        func start() async throws {
            try host.start()
            let control = control
            let host = host
            try await wait("the host is connected and can be asked") {
                guard control.subscriptions == 1 else { return false }
                return try host.command("scripts").status == 0
            }
        }

        func conversation() async throws -> Int {
            let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
            return try await control.openConversation(session)
        }

        /// Writes as the client and waits for the bot's next message.
        func say(_ text: String, _ conversation: Int) async throws -> String? {
            let before = try await replies(conversation).count
            _ = try await control.writeAsClient(text, conversation: conversation)
            try await wait("an answer to \(text)") { try await replies(conversation).count > before }
            return try await replies(conversation).last
        }

        private func replies(_ conversation: Int) async throws -> [String] {
            try await control.messages(of: conversation).filter { $0.kind == .outgoing }.map { $0.content ?? "" }
        }

        func version() throws -> String? {
            guard
                case .scripts(let host) = try ControlResponse(
                    line: Array(try self.host.command("scripts", "--json").text.utf8))
            else { return nil }
            return host.scripts.first?.versions.first(where: \.isCurrent)?.version
        }
    }

    @Test func aDialogEndsOnItsVersionWhileNewOnesBeginOnTheNext() async throws {
        let world = try await World(dialog(1), extra: "watch: false")
        let old = try await world.conversation()
        #expect(try await world.say("hi", old) == "Name, please?")
        try world.host.write(dialog(2))
        let reload = try world.host.command("reload", "bot")
        #expect(reload.status == 0)
        #expect(reload.text.contains(" is live; 1 run finishes on "), "\(reload)")
        let list = try world.host.command("scripts").text
        #expect(list.contains("1 waiting"), "\(list)")
        let new = try await world.conversation()
        #expect(try await world.say("hi", new) == "Name, please?")
        // Also after a crash.
        world.host.kill()
        try await wait("the platform has noticed") { world.control.subscriptions == 0 }
        try await world.start()
        #expect(try await world.say("Omar", old) == "Omar heard by 1")
        #expect(try await world.say("Huda", new) == "Huda heard by 2")
        #expect(world.host.stop() == 0)
        await world.simulator.stop()
    }

    @Test func savingAFileIsEnough() async throws {
        let world = try await World(dialog(1))
        let before = try world.version()
        try world.host.write("bot.on('message.created' broken")
        try await wait("the error is in the log") { world.host.log.contains("bot.lua:1:") }
        #expect(try world.version() == before)
        try world.host.write(dialog(2))
        try await wait("the new version is live") { try world.version() != before }
        #expect(world.host.stop() == 0)
        #expect(!FileManager.default.fileExists(atPath: world.host.folder.path + "/host.journal.control"))
        await world.simulator.stop()
    }

    @Test func aBrokenScriptFailsTheCommand() async throws {
        let world = try await World(dialog(1), extra: "watch: false")
        let before = try world.version()
        try world.host.write("\n\nbot.onn('x')")
        let reload = try world.host.command("reload")
        #expect(reload.status == 1)
        #expect(reload.text.contains("bot: bot.lua:3: bot has no field 'onn'"), "\(reload)")
        #expect(try world.version() == before)
        #expect(try world.host.command("reload", "bto").status == 2)
        let json = try world.host.command("reload", "--json")
        #expect(json.status == 1 && json.text.hasPrefix(#"{"ok":false,"reloads":[{"error":"bot.lua:3: "#), "\(json)")
        await world.simulator.stop()
    }

    @Test func aRollbackOutlivesACrash() async throws {
        let world = try await World(dialog(1), extra: "watch: false")
        let first = try world.version()
        try world.host.write(dialog(2))
        #expect(try world.host.command("reload").status == 0)
        let rollback = try world.host.command("rollback", "bot")
        #expect(rollback.status == 0)
        #expect(rollback.text.contains("stays in force, over restarts too, until the script's files change"))
        world.host.kill()
        try await wait("the platform has noticed") { world.control.subscriptions == 0 }
        try await world.start()
        #expect(try world.version() == first)
        #expect(world.host.log.contains("A rollback is in force"))
        await world.simulator.stop()
    }

    @Test func aRetiredVersionLetsGoOfItsDialogs() async throws {
        let world = try await World(dialog(1), extra: "watch: false")
        let old = try #require(try world.version())
        let conversation = try await world.conversation()
        _ = try await world.say("hi", conversation)
        #expect(try world.host.command("retire", old).status == 2)
        try world.host.write(dialog(2))
        #expect(try world.host.command("reload").status == 0)
        let retire = try world.host.command("retire", String(old.prefix(5)), "--cancel")
        #expect(retire.status == 0 && retire.text.contains("1 waiting run ends"), "\(retire)")
        try await wait("the dialog has ended") {
            try await world.control.messages(of: conversation).contains { $0.content == "nil heard by 1" }
        }
        // A version that is rolled back to is in service again.
        #expect(try world.host.command("rollback", "bot").status == 0)
        #expect(try world.version() == old)
        let later = try await world.conversation()
        #expect(try await world.say("hi", later) == "Name, please?")
        #expect(try await world.say("Omar", later) == "Omar heard by 1")
        #expect(world.host.stop() == 0)
        await world.simulator.stop()
    }

    @Test func withoutAHostTheCommandsSaySo() throws {
        let host = try HostProcess(configuration: "journal: { path: host.journal }\nscripts: [bot.lua]\n", script: "")
        for arguments in [["reload"], ["scripts"], ["rollback", "bot"], ["retire", "abcd"]] {
            let result = try HostProcess.output(
                arguments + ["--config", host.folder.appendingPathComponent("moonwire.yaml").path])
            #expect(result.status == 1)
            #expect(result.errors.contains("no host is running on the journal \(host.folder.path)/host.journal"))
            #expect(result.errors.contains("start it with moonwire run -c "))
        }
        let wrong = try HostProcess.output(["reload", "--config", "/nowhere.yaml"])
        #expect(wrong.status == 2)
    }
}
