import Centrifuge
import CurlHTTP
import CustomChannelAPI
import EventJSON
import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireScripts
import MoonwireServer
import PlatformSimulator
import SQLiteJournal
import TwinAPI
import WebSocketClient

/// A whole host in this process that plays the provider of the simulated custom channel: real sockets both ways.
final class CustomHarness: Sendable {
    let simulator: PlatformSimulator
    let notices = HostHarness.Notices()
    let log = TwinTestLog()
    private let client: HTTPClient

    /// Calls a method of the channel as `tell` asks, and logs what came of it.
    static let obeying = """
        local function obey(event)
          local channel = bot.channel("tienda")
          local ok, result = pcall(channel[event.raw.call], channel, event.raw.args)
          if ok then
            bot.log.info("told ok")
          elseif type(result) == "string" then
            bot.log.info("told error: " .. result)
          else
            bot.log.info("told " .. tostring(result.code) .. ": " .. result.message)
          end
        end
        bot.on("host:go", { from = "any", owner = "any", max_age = "1d" }, obey)
        """

    init() async throws {
        simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        client = try HTTPClient(configuration: HTTPClientConfiguration(proxy: .none))
    }

    var platform: CustomControl { simulator.custom }

    /// The address that is called, and the port it has while the host runs.
    struct Running: Sendable {
        let engine: Engine
        let channel: CustomChannel
        let port: Int
    }

    private static let secrets = ["SMS_HOOK": "hookSecretForDocs", "SMS_KEY": "keySecretForDocs"]

    private var logger: Logger {
        let log = log
        var logger = Logger(label: "test") { _ in TwinTestLog.Handler(log: log) }
        logger.logLevel = .trace
        return logger
    }

    private func channel(
        _ idType: CustomChannelIDType, token: String, timing: DeliveryTiming,
        _ tune: (inout CustomChannelSettings) -> Void
    ) -> CustomChannel {
        let token = CustomChannelToken(token)
        let credentials = CustomChannelCredentials(
            channelID: CustomDemoWorld.channelID, webhookURL: simulator.customWebhookURL, token: token, idType: idType)
        var settings = CustomChannelSettings(slug: "tienda", tokens: [token])
        settings.rate = 1000
        tune(&settings)
        return CustomChannel(
            id: "tienda", platform: .bonychat, credentials: credentials, settings: settings, transport: client,
            timing: timing, logger: logger)
    }

    /// Runs a host with a script while `body` goes on, and ends it after that.
    func run(
        _ script: String = CustomHarness.obeying, idType: CustomChannelIDType = .custom,
        token: String = CustomDemoWorld.token, journal: any Journal = MemoryJournal(),
        timing: DeliveryTiming = .system, others: [Engine.ChannelBinding] = [],
        outbound: (any OutboundHTTP)? = nil,
        tune: (inout CustomChannelSettings) -> Void = { _ in },
        _ body: (Running) async throws -> Void
    ) async throws {
        let channel = channel(idType, token: token, timing: timing, tune)
        let sources = ScriptBundle.sources(script: "test", files: ["test.lua": script], entry: "test.lua")
        let notices = notices
        let engine = Engine(
            channels: [Engine.ChannelBinding(channel, policy: CustomChannelSettings.policy)] + others, journal: journal,
            loader: LuaScriptLoader(
                ScriptEnvironment(
                    channels: [channel.descriptor] + others.map(\.channel.descriptor),
                    secrets: { Self.secrets[$0] }, logger: logger)), outbound: outbound, timing: timing,
            observer: EngineObserver { notice in
                switch notice {
                case .scriptFailed(_, let failure): notices.add("failed: \(failure)")
                case .fateUnknown(_, _, let message): notices.add("unknown: \(message)")
                case .loopStopped: notices.add("loop")
                case .runStarted(_, let event), .unmatched(let event): notices.add("event \(event.name)")
                default: break
                }
            }, logger: logger)
        let server = try WebServer(
            ServerSettings(listen: ServerSettings.Address(host: "127.0.0.1", port: 0)), logger: logger)
        try server.routes.mount(channel.routes, as: "channels")
        let connected = count("event channel.connected")
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (ports, opened) = AsyncStream.makeStream(of: Int.self)
            group.addTask { try await engine.run(installing: [sources]) }
            group.addTask { try await server.run { opened.yield($0.first ?? 0) } }
            defer { group.cancelAll() }
            var port = 0
            for await opened in ports {
                port = opened
                break
            }
            await platform.setBase("http://127.0.0.1:\(port)" + CustomChannel.basePath(slug: "tienda"))
            try await wait("the channels are connected") {
                self.count("event channel.connected") > connected + others.count
            }
            try server.routes.mount(
                await engine.handlers().compactMap(\.handler.webhook).map { webhook in
                    WebhookRoute(webhook, secret: { Self.secrets[$0] }) { try await engine.admit($0) }
                }, as: "webhooks")
            try await body(Running(engine: engine, channel: channel, port: port))
        }
    }

    /// Calls a webhook of the script, as a provider does.
    func callWebhook(_ name: String, of running: Running, _ json: JSON) async throws -> Int {
        let request = HTTPRequest(
            .post, "http://127.0.0.1:\(running.port)/hooks/\(name)",
            headers: [HTTPHeader("Authorization", "Bearer hookSecretForDocs")], body: .json(json.bytes))
        return try await client.send(request).status
    }

    /// An operator's seat on the TWIN24 of the same simulator.
    func twin() -> Engine.ChannelBinding {
        let urls = simulator.twinURLs
        let installation = TwinInstallation(
            iam: urls.iam, chat: urls.chat, realtime: urls.realtime, notify: urls.notify)
        let stream = CentrifugeConfiguration(socket: WebSocketConfiguration(url: installation.socketURL))
        let credentials = TwinCredentials(
            email: TwinDemoWorld.operatorEmail, password: TwinSecret(TwinDemoWorld.operatorPassword))
        return Engine.ChannelBinding(
            TwinChannel(
                id: "night", installation: installation, credentials: credentials, transport: client,
                settings: TwinChannelSettings(stream: stream), logger: logger), policy: HostHarness.policy)
    }

    /// The text of an example.
    func example(_ name: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return String(decoding: try Data(contentsOf: root.appending(path: "examples/\(name)")), as: UTF8.self)
    }

    func count(_ notice: String) -> Int { notices.all.count { $0 == notice } }

    /// Everything that scripts said about what they were asked to do.
    var told: [String] {
        log.text.split(separator: "\n").compactMap { line in
            line.range(of: "told ").map { start in
                let rest = line[start.upperBound...]
                return String(rest[..<(rest.range(of: " [\"")?.lowerBound ?? rest.endIndex)])
            }
        }
    }

    /// Asks the script to call a method of the channel.
    ///
    /// - Parameter session: Whoever asks in the same one waits for the others.
    func tell(_ running: Running, _ call: String, _ args: JSON, session: String = "s", name: String = "host:go")
        async throws
    {
        let id = UUID().uuidString
        var event = Event(
            name: name, native: name, key: id, id: id, at: HostClock.system.now, channel: .host, platform: .host,
            role: .operator)
        event.session = Session(id: SessionID(channel: .host, id: session), status: "open", owner: .bot)
        let raw: JSON = ["call": .string(call), "args": args]
        event.raw = RawJSON(validated: raw.bytes)
        _ = try await running.engine.admit([event])
    }

    /// Asks, and waits for what came of it.
    @discardableResult
    func ask(_ running: Running, _ call: String, _ args: JSON) async throws -> String {
        let before = told.count
        try await tell(running, call, args)
        try await wait("\(call) has an end") { self.told.count > before }
        return told.last ?? ""
    }

    /// A journal that a second host can open after the first.
    func withJournalFile(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "moonwire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.appending(path: "journal").path)
    }
}

extension CustomPost {
    var json: JSON { (try? JSON(parsing: body)) ?? .null }
    var message: JSON? { json["events"]?.elements.first?["message"] }
}
