import ArgumentParser

/// `moonwire reload`: makes what is on the disk live now.
struct ReloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Makes a running host read its scripts anew.",
        discussion: """
            Example:
              moonwire reload orders --config moonwire.yaml

            Each script that has changed is loaded beside the running version and takes
            over in one step. Waiting runs finish on the version they began on. A script
            that does not load takes no effect: exit code 1, with file and line. Only
            scripts are read anew; other changes of the configuration need a restart.
            """)

    @OptionGroup var control: ControlOptions

    @Argument(help: "The scripts by name; all when left out.")
    var scripts: [String] = []

    func run() async throws {
        try await control.ask(.reload(scripts: scripts)) { response, output in
            guard case .reloads(let reloads) = response else { return nil }
            guard !reloads.isEmpty else { return "no script is configured" }
            return reloads.map { output.colour($0.sentence, $0.outcome.colour) }.joined(separator: "\n")
        }
    }
}

extension ScriptReload.Outcome {
    var colour: Terminal.Colour {
        switch self {
        case .live: .green
        case .unchanged: .grey
        case .failed: .red
        case .removed: .yellow
        }
    }
}
