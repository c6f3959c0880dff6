import ArgumentParser
import Foundation
import Moonwire

extension JobsCommand {
    struct BackFill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "back-fill",
            abstract: "Lets a job run for due times of the past that did not run, one after the other.",
            discussion: """
                Example:
                  moonwire jobs back-fill weekly --from 2026-11-01T00:00:00Z --to 2d --yes

                What ran, runs or failed is not repeated. Its function gets tick.scheduled_at of each
                due time and tick.manual = true. Without --yes the number of ticks is shown first.
                """)

        @OptionGroup var control: ControlOptions

        @Argument(help: "The job.")
        var name: String

        @Option(help: "From when on: a time before now such as 24h or 7d, or an instant such as 2026-11-21T16:00:00Z.")
        var from: PastTime

        @Option(help: "Until when, likewise; now without it.")
        var to: PastTime?

        @Flag(help: "Do not ask.")
        var yes = false

        func run() async throws {
            var request = JobsRequest(
                action: .backFill, job: name, from: from.instant.seconds, through: to?.instant.seconds)
            if !yes {
                request.onlyCounts = true
                guard try await isWanted(request) else { return }
                request.onlyCounts = nil
            }
            try await JobsCommand.ask(control, request)
        }

        /// Shows how many ticks there are, and asks whoever sits at the terminal.
        private func isWanted(_ request: JobsRequest) async throws -> Bool {
            let response = try await control.send(.jobs(request))
            guard case .jobs(let answer) = response, answer.count ?? 0 > 0 else {
                try control.show(response) { response, _ in
                    if case .jobs(let answer) = response { answer.sentence } else { nil }
                }
                return false
            }
            return try Confirmation.ask(answer.sentence, "Run them now?", otherwise: "nothing is run")
        }
    }
}
