import CurlHTTP
import Foundation
import Logging
import Moonwire
import MoonwireChannels
import MoonwireConfiguration
import MoonwireDashboard
import MoonwireScripts
import MoonwireServer
import PrometheusMetrics
import SQLiteJournal
import ServiceLifecycle

/// A journal that can do all that a host asks of one.
typealias HostJournal = Journal & JobStore

/// Everything that one process runs, put together from a configuration.
struct Host {
    let engine: Engine
    let journal: any HostJournal
    let loader: LuaScriptLoader
    let reloader: ScriptReloader
    let dashboards: [DashboardSection]
    /// `nil` when the configuration has none.
    let dashboard: Dashboard?
    /// `nil` when the configuration has none.
    let server: WebServer?
    private let webhooks: WebhookMount

    /// - Parameter onReplayDifference: with it, every step of every run is rebuilt in a fresh state and compared.
    /// - Throws: `ConfigurationError`, `ScriptFailure`, `JournalError`, `ServerError` or `HostError`, each with a sentence
    ///   for a person.
    init(
        _ configuration: HostConfiguration, logs: LogSetup, observer: EngineObserver? = nil,
        journal givenJournal: (any HostJournal)? = nil, reloads: (@Sendable (ScriptReload) -> Void)? = nil,
        onReplayDifference: (@Sendable (ReplayDifference) -> Void)? = nil, recorder: Recorder? = nil
    ) throws {
        let files = ScriptFiles(configuration.scripts)
        // Before anything is opened: what cannot be read ends the start with its sentence.
        _ = try files.load()
        let metrics = MetricsRegistry.host()
        let journal: any HostJournal
        if let givenJournal {
            journal = givenJournal
        } else {
            journal = try SQLiteJournal(
                path: configuration.journal.path,
                durability: configuration.journal.durability == .power ? .power : .process,
                metrics: CommitMetrics(metrics))
        }
        self.journal = journal
        let stateFolder = URL(fileURLWithPath: configuration.journal.path).deletingLastPathComponent()
        let channels = try ChannelFactory(
            logger: logs.logger("moonwire.channel"), stateFolder: stateFolder, recorder: recorder
        ).channels(configuration.channels)
        let outbound = try HTTPClient(
            configuration: HTTPClientConfiguration(
                denyPrivateAddresses: true, allowedPrivateHosts: Set(configuration.http.allowPrivate)))
        let descriptors = channels.map(\.channel.descriptor)
        let loader = ScriptFiles.loader(
            configuration, channels: descriptors, logger: logs.logger("moonwire.script"), metrics: metrics)
        self.loader = loader
        let silent = Logger(label: "moonwire.script") { _ in SwiftLogNoOpLogHandler() }
        let rebuilding = ScriptFiles.loader(configuration, channels: descriptors, logger: silent)
        let checkingLoader = onReplayDifference.map { ReplayCheckingLoader(loader, rebuilding: rebuilding, report: $0) }
        let watch = SessionWatch()
        dashboards = configuration.dashboards
        let log = EngineLog(logger: logs.logger("moonwire.engine"))
        let engine = Engine(
            channels: channels, journal: journal, loader: checkingLoader ?? loader,
            builtIn: dashboards.isEmpty ? [] : [DashboardFactory.script], jobs: journal,
            outbound: ScriptHTTP(client: outbound, allow: configuration.http.allow + configuration.http.allowPrivate),
            settings: configuration.engine,
            observer: observer ?? (dashboards.isEmpty ? log.observer : log.observer(and: watch.note)),
            metrics: metrics, logger: logs.logger("moonwire"))
        self.engine = engine
        if configuration.server == nil, let caller = channels.first(where: { !$0.channel.routes.isEmpty }) {
            throw HostError(
                "channel '\(caller.channel.descriptor.id)' is called by its platform: the configuration needs a section "
                    + "'server' with 'listen' and 'public_url'", isWrongInput: true)
        }
        if let factory = try DashboardFactory(configuration, stateFolder, logs) {
            dashboard = try factory.dashboard(
                channels: channels.map(\.channel), engine: engine, journal: journal, watch: watch)
        } else {
            dashboard = nil
        }
        let pages = dashboard?.routes ?? []
        server = try configuration.server.map { section in
            let server = try WebServer(try ServerSettings(section), logger: logs.logger("moonwire.server"))
            try server.privateRoutes.mount(
                [HealthRoute(), ReadinessRoute { [engine] in await engine.health() }], as: "health")
            // Names of jobs and broadcasts are nobody's business on the public listener.
            if section.privateListen != nil {
                try server.privateRoutes.mount(
                    [MetricsRoute(metrics) { [engine] in await engine.figures() }], as: "metrics")
            }
            try server.routes.mount(channels.flatMap(\.channel.routes), as: "channels")
            server.routes.isComplete = false
            try server.routes.mount(pages, as: "dashboards")
            return server
        }
        let webhooks = WebhookMount(
            engine: engine, routes: server?.routes,
            secret: { [secrets = configuration.secrets] in secrets[$0]?.revealed },
            logger: logs.logger("moonwire.server"))
        self.webhooks = webhooks
        reloader = ScriptReloader(
            files: files, loader: loader, rebuilding: rebuilding, engine: engine, journal: journal,
            installed: { await webhooks.update() },
            tell: reloads ?? ReloadLog(logger: logs.logger("moonwire.script")).tell)
    }

    /// Runs the engine with the scripts as they are on the disk, or as a rollback left them.
    ///
    /// - Parameters:
    ///   - watches: Whether scripts are loaded anew when their files change.
    ///   - control: What else goes on as long as scripts can be reloaded, and ends when a shutdown begins.
    func run(watches: Bool, control: @escaping @Sendable () async -> Void = {}) async throws {
        let scripts = try await reloader.start()
        let (installed, announce) = AsyncStream.makeStream(of: Never.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await cancelWhenGracefulShutdown {
                    // Before the engine has its scripts a reload would be overtaken by them.
                    for await _ in installed {}
                    guard !Task.isCancelled else { return }
                    await webhooks.update()
                    await withDiscardingTaskGroup { tasks in
                        if watches { tasks.addTask { await watch() } }
                        tasks.addTask { await control() }
                    }
                }
            }
            defer { group.cancelAll() }
            try await engine.run(installing: scripts) { announce.finish() }
        }
    }

    private func watch() async {
        for await _ in ScriptWatcher({ [files = reloader.files] in files.footprint }).changes() {
            // What went wrong has been told.
            _ = try? await reloader.reload()
        }
    }
}
