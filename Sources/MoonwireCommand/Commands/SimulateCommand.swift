import ArgumentParser
import EventJSON
import Foundation
import Logging
import PlatformSimulator
import ServiceLifecycle
import UnixSignals

/// `moonwire simulate`: a platform to try things on, with a chat page.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Runs stand-ins of the platforms, with a chat page at their address.",
        discussion: """
            Example:
              moonwire simulate --port 8080      # then open http://127.0.0.1:8080/
              moonwire simulate --replay desk.jsonl --speed 10

            Its tokens are fixed and public: it is for trying and testing, on this machine only.

            With --replay it plays back what 'record' wrote: a request gets the recorded answer of the same method
            and path, in order, the last one again and again; what was not recorded gets 404. Whoever connects to
            a recorded socket hears what was said there. Where the configuration wants a secret, any text will do.
            """)

    @Option(name: .shortAndLong, help: "The port; 0 takes a free one.")
    var port = 0

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Flag(help: "Lifts the platform's own limits, for load tests.")
    var unlimited = false

    @Option(help: "Play back this recording instead.")
    var replay: String?

    @Option(help: "With --replay: how many times as fast.")
    var speed = 1.0

    @Flag(help: "Print one JSON object instead of text when it is ready.")
    var json = false

    func validate() throws {
        guard speed > 0, speed.isFinite else { throw ValidationError("--speed must be a number above 0") }
        guard replay == nil || !unlimited else { throw ValidationError("--unlimited has no meaning with --replay") }
    }

    func run() async throws {
        if let replay {
            try await ReplaySimulation(file: replay, host: host, port: port, speed: speed, json: json).run()
            return
        }
        var configuration = PlatformSimulator.Configuration()
        configuration.port = port
        configuration.host = host
        if unlimited {
            configuration.faults.limits.messagesPerMinute = 0
            configuration.faults.centrifuge.queueLimit = 0
        }
        let simulator: PlatformSimulator
        do {
            simulator = try await PlatformSimulator.start(configuration)
        } catch {
            throw Complaint.failed(HostError("the simulator cannot listen on \(host):\(port): \(error)"))
        }
        describe(simulator)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: simulator)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "moonwire.simulator") { _ in SwiftLogNoOpLogHandler() }))
        try await group.run()
    }

    private func describe(_ simulator: PlatformSimulator) {
        let output = Terminal(.output)
        guard !json else {
            let urls = simulator.twinURLs
            let tree: JSON = [
                "url": .string(simulator.url), "pid": .int(Int64(ProcessInfo.processInfo.processIdentifier)),
                "twin24": [
                    "iam": .string(urls.iam), "chat": .string(urls.chat), "realtime": .string(urls.realtime),
                    "notify": .string(urls.notify), "email": .string(TwinDemoWorld.operatorEmail),
                    "password": .string(TwinDemoWorld.operatorPassword),
                ],
                "custom": [
                    "webhook": .string(simulator.customWebhookURL), "channel": .string(CustomDemoWorld.channelID),
                    "token": .string(CustomDemoWorld.token),
                ],
            ]
            output.line(String(decoding: tree.bytes, as: UTF8.self))
            return
        }
        output.line("Chatwoot family")
        output.line("  Chat page   \(output.colour(simulator.url + "/", .cyan))")
        output.line(
            "  As client   inbox \(DemoWorld.hooryInboxIdentifier) (Hoory), \(DemoWorld.bevatelInboxIdentifier) (Bevatel)"
        )
        output.line("  As operator account \(DemoWorld.accountID), token \(DemoWorld.moonwireAccessToken)")
        let urls = simulator.twinURLs
        output.line("TWIN24")
        for (name, url) in [
            ("iam", urls.iam), ("chat", urls.chat), ("realtime", urls.realtime), ("notify", urls.notify),
        ] {
            output.line("  \(name.padding(toLength: 11, withPad: " ", startingAt: 0)) \(output.colour(url, .cyan))")
        }
        output.line("  As operator \(TwinDemoWorld.operatorEmail), password \(TwinDemoWorld.operatorPassword)")
        output.line("  As client   curl -d text=Hello \(simulator.url)/simulator/twin/sessions")
        output.line("Custom channel (BonyChat)")
        output.line("  Webhook     \(output.colour(simulator.customWebhookURL, .cyan))")
        output.line("  Channel     \(CustomDemoWorld.channelID), token \(CustomDemoWorld.token)")
        output.line("  It calls    curl -d url=http://127.0.0.1:8080/cc/NAME \(simulator.url)/simulator/custom/base")
        output.line("  As agent    curl -d text=Hello \(simulator.url)/simulator/custom/contacts/user_1/messages")
        output.line("Ctrl-C ends it.")
    }
}
