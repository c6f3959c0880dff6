import ActionCable
import ChatwootAPI
import CurlHTTP
import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireScripts
import PlatformSimulator
import Synchronization
import WebSocketClient

/// A whole host in this process, against a simulator: real sockets, real scripts, a journal in memory unless one is
/// given.
final class HostHarness: Sendable {
    let simulator: PlatformSimulator
    let notices = Notices()
    private let client: HTTPClient

    /// What the engine told, for tests to wait for.
    final class Notices: Sendable {
        private let list = Mutex<[String]>([])

        func add(_ text: String) { list.withLock { $0.append(text) } }
        var all: [String] { list.withLock { $0 } }
    }

    init(configure: (inout PlatformSimulator.Configuration) -> Void = { _ in }) async throws {
        var configuration = PlatformSimulator.Configuration()
        configure(&configuration)
        simulator = try await PlatformSimulator.start(configuration)
        client = try HTTPClient(configuration: HTTPClientConfiguration(proxy: .none))
    }

    private var logger: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    private func settings(
        _ installation: ChatwootInstallation, poll: Duration = .seconds(90)
    ) -> ChatwootChannelSettings {
        let socket = WebSocketConfiguration(url: installation.cableURL)
        var cable = CableConfiguration(socket: socket)
        cable.random = { 0 }
        return ChatwootChannelSettings(cable: cable, poll: poll)
    }

    /// The contact's own side of a session.
    func contact(_ inbox: String = DemoWorld.bevatelInboxIdentifier) -> ChatwootClientAPI {
        ChatwootClientAPI(
            ChatwootInstallation(origin: simulator.url), inboxIdentifier: ChatwootSecret(inbox), transport: client)
    }

    /// Omar, who works at the same desk.
    var human: ChatwootOperatorAPI {
        ChatwootOperatorAPI(
            ChatwootInstallation(origin: simulator.url), accountID: DemoWorld.accountID,
            accessToken: ChatwootSecret(DemoWorld.omarAccessToken), transport: client)
    }

    /// - Parameter platform: Bevatel or Hoory, whose inbox it works in.
    func operatorChannel(
        _ name: String = "desk", platform: Platform = .bevatel, policy: DeliveryPolicy = HostHarness.policy,
        poll: Duration = .seconds(90), inboxes: [String]? = nil
    ) -> Engine.ChannelBinding {
        let installation = ChatwootInstallation(origin: simulator.url)
        let api = ChatwootOperatorAPI(
            installation, accountID: DemoWorld.accountID, accessToken: ChatwootSecret(DemoWorld.moonwireAccessToken),
            transport: client)
        return Engine.ChannelBinding(
            ChatwootChannel.operator(
                id: ChannelID(name), platform: platform, api: api,
                inboxes: inboxes ?? [platform == .hoory ? "Hoory" : "Bevatel"],
                settings: settings(installation, poll: poll), logger: logger), policy: policy)
    }

    func clientChannel(
        _ name: String = "shop", source: String = "bot-1", policy: DeliveryPolicy = HostHarness.policy
    ) -> Engine.ChannelBinding {
        let installation = ChatwootInstallation(origin: simulator.url)
        let api = ChatwootClientAPI(
            installation, inboxIdentifier: ChatwootSecret(DemoWorld.hooryInboxIdentifier), transport: client)
        return Engine.ChannelBinding(
            ChatwootChannel.client(
                id: ChannelID(name), platform: .hoory, api: api,
                contact: ChatwootContactSeat(sourceID: ChatwootSecret(source)), settings: settings(installation),
                logger: logger), policy: policy)
    }

    static let policy = DeliveryPolicy(
        backOff: BackOff(first: .milliseconds(20), limit: .milliseconds(200)), requestLimit: .milliseconds(300))

    /// Runs a host with a script while `body` goes on, and ends it after that.
    func run(
        _ script: String, channels: [Engine.ChannelBinding], journal: any Journal = MemoryJournal(),
        settings: EngineSettings = EngineSettings(loopGuardLimit: 10_000), _ body: (Engine) async throws -> Void
    ) async throws {
        let sources = ScriptBundle.sources(script: "test", files: ["test.lua": script], entry: "test.lua")
        let notices = notices
        let environment = ScriptEnvironment(channels: channels.map(\.channel.descriptor), logger: logger)
        let engine = Engine(
            channels: channels, journal: journal, loader: LuaScriptLoader(environment),
            jobs: journal as? any JobStore, settings: settings,
            observer: EngineObserver { notice in
                switch notice {
                case .scriptFailed(_, let failure): notices.add("failed: \(failure)")
                case .replayDiffered(_, let message): notices.add("differed: \(message)")
                case .fateUnknown(_, _, let message): notices.add("unknown: \(message)")
                case .loopStopped: notices.add("loop")
                case .channelFailed(let id, let error): notices.add("channel \(id): \(error)")
                case .runEnded(let run, let end): notices.add("ended \(run.handler) \(end.state.rawValue)")
                default: break
                }
            }, logger: logger)
        let before = simulator.control.subscriptions
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await engine.run(installing: [sources]) }
            defer { group.cancelAll() }
            try await wait("all channels are connected") {
                simulator.control.subscriptions >= before + channels.count
            }
            try await body(engine)
        }
    }

    /// A client of the Bevatel inbox with an open conversation.
    func conversation(_ inbox: String = DemoWorld.bevatelInboxIdentifier) async throws -> Int {
        let session = try await simulator.control.createSession(inbox: inbox)
        return try await simulator.control.openConversation(session)
    }

    /// The texts of a kind in a conversation, oldest first.
    func texts(_ conversation: Int, _ kind: MessageKind = .outgoing) async throws -> [String] {
        try await simulator.control.messages(of: conversation).filter { $0.kind == kind }.map { $0.content ?? "" }
    }
}

struct TimedOut: Error, CustomStringConvertible {
    let what: String
    var description: String { "waited in vain until \(what)" }
}

/// Waits for a fact that comes over a socket; looks often, and gives up after a time that no sound run needs.
func wait(_ what: String, seconds: Double = 90, until fact: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if try await fact() { return }
        await Task.yield()
        try await ContinuousClock().sleep(for: .milliseconds(5))
    }
    throw TimedOut(what: what)
}
