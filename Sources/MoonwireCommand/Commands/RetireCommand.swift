import ArgumentParser

/// `moonwire retire VERSION`: ends what still waits on an old version.
struct RetireCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire", abstract: "Ends the waiting runs of an old version of a script in a running host.",
        discussion: """
            Example:
              moonwire retire 91bc0d11 --config moonwire.yaml

            Each waiting run of the version gets nil, "retired" from its wait and can say
            goodbye; then its session goes to a human if the bot has it in hand. With
            --cancel it stays where it is. `moonwire scripts` lists the versions.
            """)

    @OptionGroup var control: ControlOptions

    @Argument(help: "The version, or an unambiguous beginning of it of at least 4 characters.")
    var version: String

    @Flag(help: "Only end the runs; hand no session to a human.")
    var cancel = false

    @Flag(help: "Also if it is the version that new runs begin on.")
    var force = false

    func run() async throws {
        try await control.ask(.retire(version: version, cancels: cancel, isForced: force)) { response, output in
            guard case .retirement(let retirement) = response else { return nil }
            return output.colour(retirement.sentence, .green)
        }
    }
}
