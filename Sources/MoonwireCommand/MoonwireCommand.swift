import ArgumentParser

/// The `moonwire` program: composes the targets and gives them commands. Nothing else lives here.
@main
struct MoonwireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "moonwire",
        abstract: "Runs Lua bots on customer-chat platforms.",
        discussion: """
            Examples:
              moonwire check --config moonwire.yaml     # reads everything, connects to nothing
              moonwire run --config moonwire.yaml       # runs until Ctrl-C
              moonwire play scripts/hello.lua           # a chat with a script, here in the terminal

            Exit codes: 0 done, 1 something failed, 2 the configuration or a script is wrong, 3 a rehearsal
            differs, 64 bad arguments.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, PlayCommand.self, CheckCommand.self, SimulateCommand.self, JournalCommand.self,
            ReloadCommand.self, ScriptsCommand.self, RollbackCommand.self, RetireCommand.self,
            SessionCommand.self, RunInfoCommand.self, RehearseCommand.self, RecordCommand.self,
            JobsCommand.self, BroadcastCommand.self, DashboardCommand.self,
        ])
}

/// What a command ends with when it is not an error of the program itself.
enum Exit {
    static let failed = ExitCode(1)
    /// The configuration or a script is wrong; nothing was started.
    static let wrongInput = ExitCode(2)
    /// A rehearsal gives some session something else.
    static let different = ExitCode(3)
}
