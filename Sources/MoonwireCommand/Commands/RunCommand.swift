import ArgumentParser
import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import MoonwireServer
import ServiceLifecycle
import UnixSignals

/// `moonwire run`: the host itself.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Connects the configured channels and runs the scripts until stopped.",
        discussion: """
            Example:
              moonwire run --config moonwire.yaml

            A script that changes on the disk is loaded anew: new runs begin on the new
            version, waiting ones finish on theirs, and one that does not load takes no
            effect. See also reload, scripts, rollback and retire.

            Ctrl-C or SIGTERM lets runs finish their step and closes the journal; the next start continues the rest.
            """)

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Flag(help: "Rebuild each run after every step and log where its replay would differ. For development: slow.")
    var verifyReplay = false

    @Flag(
        inversion: .prefixedNo,
        help: "Load scripts anew when their files change. Default: 'watch' of the configuration.")
    var watch: Bool?

    func run() async throws {
        let configuration = try Complaint.wrongInput { try HostConfiguration.load(path: config) }
        let logs = LogSetup(section: configuration.log)
        let logger = logs.logger("moonwire")
        let report: @Sendable (ReplayDifference) -> Void = {
            logger.warning("A run cannot be replayed", metadata: ["run": "\($0.run)", "difference": "\($0)"])
        }
        OpenFiles.raiseLimit()
        let host = try Complaint.wrongInput {
            try Host(configuration, logs: logs, onReplayDifference: verifyReplay ? report : nil)
        }
        if configuration.channels.isEmpty { logger.warning("No channel is configured: nothing will come in") }
        if configuration.scripts.isEmpty { logger.warning("No script is configured: nothing will be answered") }
        var members: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(
                service: HostService(
                    host: host, retention: configuration.journal.retention, watches: watch ?? configuration.watch,
                    controlPaths: ControlPath.candidates(journal: configuration.journal.path),
                    logger: logger),
                successTerminationBehavior: .gracefullyShutdownGroup)
        ]
        // The last is shut down first: requests in hand end before the journal closes.
        if let server = host.server { members.append(.init(service: server)) }
        var services = ServiceGroupConfiguration(
            services: members, gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logs.logger("moonwire.lifecycle"))
        // Runs get their time; after that the process ends, and the journal continues them at the next start.
        services.maximumGracefulShutdownDuration =
            configuration.longestDrain + configuration.engine.drain
            + (configuration.server?.timeouts.drain ?? .zero) + .seconds(5)
        services.maximumCancellationDuration = .seconds(5)
        let group = ServiceGroup(configuration: services)
        do {
            try await group.run()
        } catch {
            throw Complaint.failed(error)
        }
    }
}
