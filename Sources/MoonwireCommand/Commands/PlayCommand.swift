import ArgumentParser
import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireScripts
import PlatformSimulator

/// `moonwire play SCRIPT`: a person chats with a script, over the real wire, in the terminal.
struct PlayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play",
        abstract: "A chat with a script in the terminal, against the simulator, reloading on save.",
        discussion: """
            Example:
              moonwire play examples/hello.lua

            Type a line to write it as the client. A number picks a quick reply. /quit or Ctrl-D ends.
            With input from a file or a pipe each line is written once the script is done with the one before.
            """)

    @Argument(help: "The script: a .lua file or a folder.")
    var script: String

    @Option(help: "What the channel is called, for a script that names one with bot.channel or in a filter.")
    var channel = "play"

    @Flag(help: "Show every step that the script takes.")
    var steps = false

    func run() async throws {
        let path = URL(fileURLWithPath: script).standardizedFileURL.path
        let section = HostConfiguration.ScriptSection(path: path)
        _ = try Complaint.wrongInput { try ScriptFiles([section]).load() }
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        do {
            try await PlaySession(simulator: simulator, section: section, channel: channel, showsSteps: steps).run()
        } catch let code as ExitCode {
            await simulator.stop()
            throw code
        } catch {
            await simulator.stop()
            throw Complaint.failed(error)
        }
        await simulator.stop()
    }
}
