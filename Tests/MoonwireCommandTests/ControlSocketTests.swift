import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MoonwireCommand

/// The control socket: what comes over it is limited and checked, and never ends the host.
@Suite(.timeLimit(.minutes(1)))
struct ControlSocketTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("control-\(UUID())").path
    private var path: String { folder + "/c" }
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static func answer(_ request: ControlRequest) async -> ControlResponse {
        switch request {
        case .reload(let scripts):
            .reloads(scripts.map { ScriptReload(script: $0, outcome: .unchanged, version: "1") })
        default: .failure(message: "not here", isWrongInput: true)
        }
    }

    /// Listens while `body` goes on.
    private func withServer(
        patience: TimeAmount = .seconds(60), paths: [String]? = nil,
        answer: @escaping @Sendable (ControlRequest) async -> ControlResponse = Self.answer,
        _ body: (ControlClient) async throws -> Void
    ) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = ControlServer(paths: paths ?? [path], patience: patience, logger: logger, answer: answer)
        let (ready, announce) = AsyncStream.makeStream(of: Never.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await server.run { announce.finish() } }
            for await _ in ready {}
            do {
                try await body(ControlClient(journal: "j", configuration: "c.yaml", paths: [path]))
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
        #expect(!FileManager.default.fileExists(atPath: path), "the socket goes away with its host")
    }

    /// Sends lines as they are, and gives what comes back until the host closes.
    private func exchange(_ lines: [String], answers: Int) async throws -> [String] {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture { try ControlPipeline.configure(channel, limit: 1 << 20) }
            }
        return try await channel.executeThenClose { responses, requests in
            for line in lines { try await requests.write(Array(line.utf8)) }
            var received: [String] = []
            for try await line in responses {
                received.append(String(decoding: line, as: UTF8.self))
                if received.count == answers { break }
            }
            return received
        }
    }

    @Test func requestsAndAnswersGoOverTheWireAsTheyAre() throws {
        let requests: [ControlRequest] = [
            .reload(scripts: []), .reload(scripts: ["a", "b"]), .scripts, .rollback(script: "a", version: nil),
            .rollback(script: "a", version: "3f2a"), .retire(version: "3f2a", cancels: true, isForced: false),
        ]
        for request in requests {
            let read = try ControlRequest(line: ControlCoding.line(of: request))
            #expect(read == request)
        }
        let version = ScriptStatus.Version(
            version: "1", isCurrent: true, since: "now", waiting: 1, inMemory: 2, isRetired: false)
        let status = ScriptStatus(
            script: "a", path: "/a.lua", versions: [version], error: "a.lua:1: x", errorAt: "now", rolledBackFrom: "2")
        let reload = ScriptReload(
            script: "a", outcome: .failed, version: "1", previous: "0", runsOnPrevious: 3, error: "a.lua:1: x",
            rolledBackFrom: "2")
        let responses: [ControlResponse] = [
            .reloads([reload]), .scripts(HostScripts(scripts: [status], luaStates: 4)), .rollback(reload),
            .retirement(ScriptRetirement(script: "a", version: "1", runs: 2, handsOver: true)),
            .failure(message: "no", isWrongInput: true),
        ]
        for response in responses {
            let read = try ControlResponse(line: response.line)
            #expect(read == response)
        }
    }

    @Test func aRequestIsAnswered() async throws {
        try await withServer { client in
            let response = try await client.send(.reload(scripts: ["orders"]))
            #expect(response == .reloads([ScriptReload(script: "orders", outcome: .unchanged, version: "1")]))
        }
    }

    @Test func onlyTheOwnerMayConnect() async throws {
        try await withServer { _ in
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test(arguments: [
        ("hello", "not JSON"), ("", "not JSON"), ("[]", "no JSON object"), ("{}", "lacks 'command'"),
        (#"{"command":7}"#, "'command' of the request has the wrong type"),
        (#"{"command":"reloda"}"#, "did you mean 'reload'?"),
        (#"{"command":"reload","scripts":"orders"}"#, "'scripts' of the request has the wrong type"),
        (#"{"command":"rollback"}"#, "lacks 'script'"), ("\u{0}\u{1}\u{FFFD}", "not JSON"),
    ])
    func nonsenseIsAnsweredAndTheConnectionGoesOn(_ line: String, _ reason: String) async throws {
        try await withServer { _ in
            let answers = try await exchange([line, #"{"command":"reload","scripts":["a"]}"#], answers: 2)
            #expect(answers[0].hasPrefix(#"{"error":"#) && answers[0].contains(reason), "\(answers)")
            #expect(answers[0].contains(#""ok":false"#) && answers[0].contains(#""wrong_input":true"#))
            #expect(answers[1].contains(#""ok":true"#))
        }
    }

    @Test func aRequestThatIsTooLongIsRefused() async throws {
        try await withServer { client in
            let answers = try await exchange(
                [String(repeating: "x", count: ControlCoding.requestLimit + 1)], answers: 1)
            #expect(answers.first?.contains("at most 64 KiB") == true)
            let response = try await client.send(.reload(scripts: []))
            #expect(response.isOK)
        }
    }

    @Test func aConnectionThatSaysNothingIsClosed() async throws {
        try await withServer(patience: .milliseconds(20)) { _ in
            let answers = try await exchange([], answers: 1)
            #expect(answers.isEmpty)
        }
    }

    @Test func aSlowRequestHoldsUpNobody() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Never.self)
        try await withServer(answer: { request in
            if request == .scripts { for await _ in gate {} }
            return .failure(message: "done", isWrongInput: false)
        }) { client in
            async let slow = client.send(.scripts)
            let quick = try await client.send(.reload(scripts: []))
            #expect(!quick.isOK)
            open.finish()
            let answer = try await slow
            #expect(answer == .failure(message: "done", isWrongInput: false))
        }
    }

    @Test func whatAKilledHostLeftBehindIsReplaced() async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let stale = try ControlListener(path: path)
        close(stale.descriptor)
        let client = ControlClient(journal: "/tmp/j", configuration: "c.yaml", paths: [path])
        let error = await #expect(throws: HostError.self) { try await client.send(.scripts) }
        #expect(error?.description == "no host is running on the journal /tmp/j; start it with moonwire run -c c.yaml")
        try await withServer { client in
            let response = try await client.send(.reload(scripts: []))
            #expect(response.isOK)
        }
    }

    @Test func aHostRemovesOnlyItsOwnSocket() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try ControlListener(path: path)
        let second = try ControlListener(path: path)
        first.remove()
        #expect(FileManager.default.fileExists(atPath: path))
        second.remove()
        #expect(!FileManager.default.fileExists(atPath: path))
        for descriptor in [first.descriptor, second.descriptor] { close(descriptor) }
    }

    @Test func aFileInTheWayIsNotRemoved() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: HostError.self) { try ControlListener(path: path) }
        #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
    }

    @Test func aLongPathIsReplacedByAShortOneThatBothSidesFind() {
        let journal = "/srv/" + String(repeating: "x", count: 120) + "/host.journal"
        let host = ControlPath.candidates(journal: journal, environment: [:])
        let client = ControlPath.candidates(journal: journal, environment: ["XDG_RUNTIME_DIR": "/run/user/7"])
        #expect(client.first?.hasPrefix("/run/user/7/moonwire-") == true)
        #expect(client.contains(host[0]) && host[0].utf8.count < 108)
        #expect(ControlPath.candidates(journal: "/srv/host.journal") == ["/srv/host.journal.control"])
    }
}
