import EventJSON
import Foundation
import Logging
import PlatformSimulator
import ServiceLifecycle
import UnixSignals

/// Serves a recording until stopped, and says what to configure.
struct ReplaySimulation {
    let file: String
    let host: String
    let port: Int
    let speed: Double
    let json: Bool

    func run() async throws {
        let text = try Complaint.wrongInput {
            guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                throw HostError("\(file) cannot be read")
            }
            return text
        }
        var configuration = ReplayServer.Configuration()
        configuration.host = host
        configuration.port = port
        configuration.speed = speed
        let server: ReplayServer
        do throws(SimulatorError) {
            server = try await ReplayServer.start(text, configuration)
        } catch {
            guard error.code == .unreadable else { throw Complaint.failed(HostError(error.message)) }
            throw Complaint.wrongInput(HostError("\(file) is no recording to play: \(error.message)"))
        }
        describe(server)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "moonwire.simulator") { _ in SwiftLogNoOpLogHandler() }))
        try await group.run()
    }

    private func describe(_ server: ReplayServer) {
        let output = Terminal(.output)
        let origin = server.origin
        guard !json else {
            var addresses = JSONObject()
            for address in server.addresses { addresses.append(address.key, .string(address.url)) }
            let tree: JSON = [
                "url": .string(server.url), "pid": .int(Int64(ProcessInfo.processInfo.processIdentifier)),
                "platform": .string(origin.platform), "role": .string(origin.role),
                "account": origin.account.map { .int(Int64($0)) } ?? .null, "addresses": .object(addresses),
            ]
            output.line(String(decoding: tree.bytes, as: UTF8.self))
            return
        }
        let counts = server.counts
        output.line("\(file): \(counts.answers) answers, \(counts.sockets) sockets. To configure:")
        output.line("  \(origin.channel):")
        output.line("    platform: \(origin.platform)")
        output.line("    role: \(origin.role)")
        for address in server.addresses { output.line("    \(address.key): \(output.colour(address.url, .cyan))") }
        if let account = origin.account { output.line("    account: \(account)") }
        output.line("  Secrets may be any text. Ctrl-C ends it.")
    }
}
