import EventJSON
import Foundation
import Logging
import Moonwire
import MoonwireConfiguration
import PlatformSimulator
import Synchronization
import Testing

@testable import MoonwireCommand

/// A host is recorded against the simulator, and another host runs against the recording.
struct RecordingTests {
    @Test func aScriptGetsTheSameEventsFromARecordingAsFromThePlatform() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let session = try await simulator.control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
        let conversation = try await simulator.control.openConversation(session)
        let folder = try Folder()
        let configuration = try folder.configuration(origin: simulator.url)
        let lines = Lines()
        let recorder = try recorder(configuration, lines)
        let before = simulator.control.subscriptions
        let service = try RecordingService(
            configuration, configuration.channels[0], recorder: recorder, limit: nil, logs: Self.logs)
        var live: [String] = []
        try await run(service) {
            live = try await folder.heard(configuration, until: "three") {
                try await wait("recorder and host listen") { simulator.control.subscriptions == before + 2 }
                for text in ["one", "write to visitor@shop.example", "three"] {
                    _ = try await simulator.control.writeAsClient(text, conversation: conversation)
                }
            }
            try await wait("all is recorded") { lines.text.contains("\"three\"") }
        }
        await simulator.stop()
        #expect(!lines.text.contains(DemoWorld.moonwireAccessToken))
        #expect(!lines.text.contains(session.pubsubToken))
        #expect(!lines.text.contains("visitor@shop"))
        #expect(recorder.counts.connections == 1)

        // Ten times as fast, and with a token that is not the recorded one.
        var replay = ReplayServer.Configuration()
        replay.speed = 10
        let server = try await ReplayServer.start(lines.text, replay)
        #expect(server.addresses.map(\.key) == ["origin"])
        #expect(server.origin.account == DemoWorld.accountID)
        let replayed = try folder.configuration(origin: server.url, token: "anything")
        let heard = try await folder.heard(replayed, until: "three")
        #expect(heard.count == 3)
        let written = heard.map { $0.replacing(/person[0-9]+@example\.org/, with: "visitor@shop.example") }
        #expect(written == live)
        await server.stop()
    }

    @Test func theSeatOfAClientIsRecordedAndPlayedBackToo() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let folder = try Folder()
        let configuration = try folder.configuration(client: simulator.url, source: "the-bots-source")
        let lines = Lines()
        let before = simulator.control.subscriptions
        let service = try RecordingService(
            configuration, configuration.channels[0], recorder: try recorder(configuration, lines), limit: nil,
            logs: Self.logs)
        try await run(service) {
            try await wait("the channel listens") { simulator.control.subscriptions > before }
            let conversation = await simulator.control.conversations().first { $0.inboxID == 9 }?.id
            let id = try #require(conversation)
            _ = try await simulator.control.writeAsOperator("how are you?", conversation: id)
            try await wait("all is recorded") { lines.text.contains("how are you?") }
        }
        await simulator.stop()
        for secret in ["the-bots-source", DemoWorld.hooryInboxIdentifier] { #expect(!lines.text.contains(secret)) }

        let server = try await ReplayServer.start(lines.text)
        let replayed = try folder.configuration(client: server.url, source: "another-source")
        let heard = try await folder.heard(replayed, until: "how are you?")
        #expect(heard.count == 1)
        await server.stop()
    }

    @Test func aRecordingEndsAfterItsTime() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let folder = try Folder()
        let configuration = try folder.configuration(origin: simulator.url)
        let lines = Lines()
        let service = try RecordingService(
            configuration, configuration.channels[0], recorder: try recorder(configuration, lines),
            limit: .milliseconds(50), logs: Self.logs)
        try await service.run()
        await simulator.stop()
        #expect(lines.text.hasPrefix("{\"moonwire_recording\":1,"))
    }

    @Test func aChannelThatThePlatformRefusesEndsTheRecordingWithItsReason() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let folder = try Folder()
        let configuration = try folder.configuration(origin: simulator.url, token: "wrongTokenOfNobody")
        let lines = Lines()
        let service = try RecordingService(
            configuration, configuration.channels[0], recorder: try recorder(configuration, lines), limit: nil,
            logs: Self.logs)
        await #expect(throws: (any Error).self) { try await service.run() }
        await simulator.stop()
        #expect(lines.text.contains("\"status\":401"))
        #expect(!lines.text.contains("wrongTokenOfNobody"))
    }

    @Test func aFileThatIsThereIsNotReplacedUnasked() throws {
        let folder = try Folder()
        let path = folder.path + "/r.jsonl"
        try RecordingFile.create(path, replacing: false).write(contentsOf: Data("first".utf8))
        #expect(throws: HostError.self) { try RecordingFile.create(path, replacing: false) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "first")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        try RecordingFile.create(path, replacing: true).write(contentsOf: Data("second".utf8))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "second")
    }

    private static var logs: LogSetup { LogSetup(section: HostConfiguration.LogSection()) }

    private func recorder(_ configuration: HostConfiguration, _ lines: Lines) throws -> Recorder {
        let section = configuration.channels[0]
        return try Recorder(
            header: RecordingHeader(section, keepsPersonal: false, startedAt: Date()),
            redaction: Redaction(secrets: section.secretValues, people: section.personalNames),
            write: { lines.add($0) })
    }

    private func run(_ service: RecordingService, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }
}

/// A place for a configuration and its script.
private final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try Data(
            """
            bot.on("message.created", function() end)
            """.utf8
        ).write(to: URL(fileURLWithPath: path + "/bot.lua"))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func configuration(origin: String, token: String = DemoWorld.moonwireAccessToken) throws -> HostConfiguration {
        try read(
            "{ platform: bevatel, role: operator, origin: '\(origin)', account: \(DemoWorld.accountID), token: \(token) }"
        )
    }

    func configuration(client origin: String, source: String) throws -> HostConfiguration {
        try read(
            """
            { platform: hoory, role: client, origin: '\(origin)', inbox: \(DemoWorld.hooryInboxIdentifier), \
            source_id: \(source) }
            """)
    }

    private func read(_ channel: String) throws -> HostConfiguration {
        let file = path + "/moonwire.yaml"
        try Data("journal: { path: '\(path)/journal' }\nchannels: { desk: \(channel) }\nscripts: [bot.lua]\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        return try HostConfiguration.load(path: file)
    }

    /// What a script gets while `body` goes on, up to a message with this text: each event's name, message id, session
    /// and text.
    func heard(
        _ configuration: HostConfiguration, until last: String, _ body: () async throws -> Void = {}
    ) async throws -> [String] {
        let heard = Mutex<[String]>([])
        let observer = EngineObserver { notice in
            guard case .runStarted(_, let event) = notice else { return }
            let line = "\(event.name) \(event.id) \(event.sessionID.id): \(event.message?.text ?? "")"
            heard.withLock { $0.append(line) }
        }
        let host = try Host(
            configuration, logs: LogSetup(section: HostConfiguration.LogSection()), observer: observer,
            journal: MemoryJournal())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await host.run(watches: false) }
            defer { group.cancelAll() }
            try await body()
            try await wait("the script heard it") { heard.withLock { $0.contains { $0.hasSuffix(": " + last) } } }
        }
        return heard.withLock { $0 }
    }
}
