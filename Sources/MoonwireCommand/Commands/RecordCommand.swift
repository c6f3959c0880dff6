import ArgumentParser
import EventJSON
import Foundation
import Moonwire
import MoonwireConfiguration
import ServiceLifecycle
import UnixSignals

/// `moonwire record`: what a platform really sends, in a file that can be shown to others.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Writes a channel's traffic to a file, without secrets, and runs no script.",
        discussion: """
            Example:
              moonwire record --config moonwire.yaml --channel desk --output desk.jsonl --for 10m
              moonwire simulate --replay desk.jsonl      # plays it back

            Connects the one channel as 'run' would, so the platform sees its seat as present and may give it sessions
            that nobody answers; set 'status: paused' on a TWIN24 channel to get none. Writes every request, answer
            and frame as one JSON object a line. Tokens, passwords, source ids and the like are
            replaced before anything is written, and so are e-mail addresses, phone numbers, names and places of persons,
            the same one by the same stand-in. What people wrote to each other stays: read the file before you
            pass it on.

            Ctrl-C ends it. Exit codes: 0 recorded, 1 the channel or the file failed, 2 the configuration is wrong
            or the file is there already.
            """)

    @Option(name: .shortAndLong, help: "The configuration file.")
    var config = "moonwire.yaml"

    @Option(help: "The channel to record.")
    var channel: String

    @Option(name: .shortAndLong, help: "The file to write; only you may read it.")
    var output: String

    @Option(name: .customLong("for"), help: "How long to record, such as 90s or 10m. Default: until Ctrl-C.")
    var limit: String?

    @Flag(help: "Replace the file if it is there already.")
    var force = false

    @Flag(help: "Keep e-mail addresses, phone numbers and names. Secrets are replaced all the same.")
    var keepPersonal = false

    @Flag(help: "Print one JSON object instead of text at the end.")
    var json = false

    func validate() throws {
        if let limit, DurationText.parse(limit) == nil {
            throw ValidationError("'\(limit)' is no duration; write 90s, 10m or 1h")
        }
    }

    func run() async throws {
        let configuration = try Complaint.wrongInput { try HostConfiguration.load(path: config) }
        guard let section = configuration.channels.first(where: { $0.name == channel }) else {
            let known = configuration.channels.map(\.name).joined(separator: ", ")
            throw Complaint.wrongInput(
                HostError("\(config) has no channel '\(channel)'; it has \(known.isEmpty ? "none" : known)"))
        }
        let file = try Complaint.wrongInput { try RecordingFile.create(output, replacing: force) }
        let recorder: Recorder
        let service: RecordingService
        do {
            recorder = try Recorder(
                header: RecordingHeader(section, keepsPersonal: keepPersonal, startedAt: Date()),
                redaction: Redaction(
                    secrets: section.secretValues, people: section.personalNames, keepsPersonal: keepPersonal),
                write: { try file.write(contentsOf: $0) })
            service = try RecordingService(
                configuration, section, recorder: recorder, limit: limit.flatMap(DurationText.parse),
                logs: LogSetup(section: configuration.log))
        } catch {
            throw Complaint.failed(error)
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: service, successTerminationBehavior: .gracefullyShutdownGroup)],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: LogSetup(section: configuration.log).logger("moonwire.lifecycle")))
        do {
            try await group.run()
        } catch {
            throw Complaint.failed(error)
        }
        report(recorder.counts)
    }

    private func report(_ counts: Recorder.Counts) {
        let terminal = Terminal(.output)
        guard json else {
            terminal.line(
                "\(output): \(counts.requests) requests, \(counts.frames) frames on \(counts.connections) connections")
            return
        }
        let tree: JSON = [
            "file": .string(output), "requests": .int(Int64(counts.requests)), "frames": .int(Int64(counts.frames)),
            "connections": .int(Int64(counts.connections)),
        ]
        terminal.line(String(decoding: tree.bytes, as: UTF8.self))
    }
}
