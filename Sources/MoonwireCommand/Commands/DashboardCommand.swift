import ArgumentParser
import Foundation

/// `moonwire dashboard`: what administrators do for the people who use dashboard apps.
struct DashboardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Lets operators into the dashboard apps of a running host.",
        subcommands: [Pair.self])

    /// `moonwire dashboard pair`: a code for one person.
    struct Pair: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pair", abstract: "Prints a code with which one operator signs in once, within ten minutes.",
            discussion: """
                Example:
                  moonwire dashboard pair layla@example.com

                Give the code to that person only, on a way that nobody else reads.
                """)

        @Argument(help: "The operator's id, e-mail address or name on the platform.")
        var person: String

        @Option(help: "The dashboard app; needed when there are several.")
        var app: String?

        @OptionGroup var control: ControlOptions

        func run() async throws {
            try await control.ask(.pair(person: person, app: app)) { response, output in
                guard case .pairing(let pairing) = response else { return nil }
                return "\(output.colour(pairing.code, .green))  signs \(pairing.person) in to \(pairing.app), once, "
                    + "within \(pairing.minutes) minutes"
            }
        }
    }
}

/// A code for one person and one app.
struct DashboardPairing: Codable, Sendable, Equatable {
    let code: String
    let person: String
    let app: String
    let minutes: Int
}
