import Centrifuge
import CurlHTTP
import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireScripts
import PlatformSimulator
import TwinAPI
import WebSocketClient

/// A whole host in this process in an operator's seat of the TWIN24 stand-in: real sockets, real scripts.
final class TwinHarness: Sendable {
    let simulator: PlatformSimulator
    let notices = HostHarness.Notices()
    let log = TwinTestLog()
    /// The host's time.
    let time = AheadTime()
    private let client: HTTPClient

    static let echo = """
        bot.on("message.created", function(event, session) session:reply("re %s", event.message.text) end)
        """

    init(configure: (inout PlatformSimulator.Configuration) -> Void = { _ in }) async throws {
        var configuration = PlatformSimulator.Configuration()
        configure(&configuration)
        simulator = try await PlatformSimulator.start(configuration)
        client = try HTTPClient(configuration: HTTPClientConfiguration(proxy: .none))
    }

    var twin: TwinControl { simulator.twin }

    private var logger: Logger {
        let log = log
        var logger = Logger(label: "test") { _ in TwinTestLog.Handler(log: log) }
        logger.logLevel = .trace
        return logger
    }

    func channel(
        policy: DeliveryPolicy = HostHarness.policy, tokens: TwinTokenPolicy = TwinTokenPolicy(),
        _ tune: (inout TwinChannelSettings) -> Void = { _ in }
    ) -> Engine.ChannelBinding {
        Engine.ChannelBinding(seat(tokens: tokens, tune), policy: policy)
    }

    /// A seat that is taken again some time after somebody else took it.
    func returningChannel(after wait: Duration) -> Engine.ChannelBinding {
        Engine.ChannelBinding(
            TwinReturningChannel(after: wait, logger: logger) { self.seat { _ in } }, policy: HostHarness.policy)
    }

    private func seat(
        tokens: TwinTokenPolicy = TwinTokenPolicy(), _ tune: (inout TwinChannelSettings) -> Void
    ) -> TwinChannel {
        let urls = simulator.twinURLs
        let installation = TwinInstallation(
            iam: urls.iam, chat: urls.chat, realtime: urls.realtime, notify: urls.notify)
        var stream = CentrifugeConfiguration(socket: WebSocketConfiguration(url: installation.socketURL))
        stream.timing.minRetryDelay = .milliseconds(20)
        stream.timing.maxRetryDelay = .milliseconds(200)
        var settings = TwinChannelSettings(stream: stream)
        settings.takeWait = .milliseconds(500)
        settings.logoutHold = .milliseconds(200)
        settings.marksRead = false
        tune(&settings)
        let credentials = TwinCredentials(
            email: TwinDemoWorld.operatorEmail, password: TwinSecret(TwinDemoWorld.operatorPassword))
        return TwinChannel(
            id: "night", installation: installation, credentials: credentials, transport: client, policy: tokens,
            settings: settings, logger: logger)
    }

    /// Runs a host with a script while `body` goes on, and ends it after that.
    ///
    /// - Returns: What the engine ended with by itself, if it did.
    @discardableResult
    func run(
        _ script: String, _ binding: Engine.ChannelBinding? = nil, journal: any Journal = MemoryJournal(),
        endsByItself: Bool = false, _ body: () async throws -> Void
    ) async throws -> (any Error)? {
        let binding = binding ?? channel()
        let sources = ScriptBundle.sources(script: "test", files: ["test.lua": script], entry: "test.lua")
        let notices = notices
        let environment = ScriptEnvironment(channels: [binding.channel.descriptor], logger: logger)
        let engine = Engine(
            channels: [binding], journal: journal, loader: LuaScriptLoader(environment),
            settings: EngineSettings(loopGuardLimit: 100_000), timing: time.timing,
            observer: EngineObserver { notice in
                switch notice {
                case .scriptFailed(_, let failure): notices.add("failed: \(failure)")
                case .fateUnknown(_, _, let message): notices.add("unknown: \(message)")
                case .loopStopped: notices.add("loop")
                case .channelFailed(let id, let error): notices.add("channel \(id): \(error)")
                case .runStarted(_, let event): notices.add("event \(event.name)")
                case .unmatched(let event): notices.add("event \(event.name)")
                default: break
                }
            }, logger: logger)
        return try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            group.addTask {
                do {
                    try await engine.run(installing: [sources])
                    return nil
                } catch is CancellationError {
                    return nil
                } catch {
                    return error
                }
            }
            try await wait("the seat is taken") { self.notices.all.contains("event channel.connected") }
            try await body()
            if !endsByItself { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// A session that the bot's seat has.
    func session(_ text: String? = nil) async throws -> String {
        try await twin.startSession(TwinSessionStart(text, at: .operator(TwinDemoWorld.operatorID))).id
    }

    /// What operators said in a session, oldest first.
    func said(_ session: String) async throws -> [String] {
        try await twin.messages(of: session).filter { $0.authorType == "OPERATOR" }.map(\.body)
    }

    /// The requests of a kind, such as `DELETE`, whose path holds a text.
    func requests(_ method: String, _ text: String) -> Int {
        simulator.control.requests(containing: text).count { $0.method == method }
    }

    /// What the platform was told that the operator is to be, and answered, in that order: `activate` and `pause`.
    var toldStatuses: [String] {
        simulator.control.requests(containing: "/users/me/").filter { $0.method == "PATCH" && $0.status == 200 }
            .compactMap { $0.path.split(separator: "/").last.map(String.init) }
    }

    /// Whether the platform gives the operator new sessions.
    func isOnline() async -> Bool {
        await twin.operators().contains { $0.id == TwinDemoWorld.operatorID && $0.status == "online" }
    }

    /// How often handlers were offered an event of that name.
    func count(_ event: String) -> Int { notices.all.count { $0 == "event \(event)" } }

    /// Waits until a session that was written last is answered, so that all before it has been worked on.
    func settle() async throws {
        let session = try await session()
        try await twin.writeAsClient("settled?", session: session)
        try await wait("the last session is answered") { try await self.said(session) == ["re settled?"] }
    }
}
