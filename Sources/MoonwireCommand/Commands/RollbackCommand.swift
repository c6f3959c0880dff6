import ArgumentParser

/// `moonwire rollback SCRIPT`: an earlier version takes the place of the one that runs.
struct RollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Makes an earlier version of a script current in a running host.",
        discussion: """
            Example:
              moonwire rollback orders --config moonwire.yaml
              moonwire rollback orders --to 3f2a91bc

            The sources come from the journal; the files on the disk are not touched. The
            rollback stays in force, over restarts too, until the script's files change.
            Going back to the version on the disk ends it.
            """)

    @OptionGroup var control: ControlOptions

    @Argument(help: "The script's name.")
    var script: String

    @Option(help: "The version, or an unambiguous beginning of it. Default: the one that was current before.")
    var to: String?

    func run() async throws {
        try await control.ask(.rollback(script: script, version: to)) { response, output in
            guard case .rollback(let rollback) = response else { return nil }
            guard let disk = rollback.rolledBackFrom else {
                return output.colour(rollback.sentence, .green)
                    + "\nIt is the version on the disk; no rollback is in force."
            }
            return output.colour(rollback.sentence, .green)
                + "\nThe rollback from \(ScriptReload.short(disk)) stays in force, over restarts too, until the script's"
                + " files change."
        }
    }
}
