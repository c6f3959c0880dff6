public import Foundation
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A stand-in for chat platforms, over real sockets: one of the Chatwoot family, TWIN24, and a custom channel of BonyChat.
///
/// Speaks the Chatwoot family's client API, operator API and Action Cable, TWIN24's services with its Centrifuge
/// stream, and both directions of the custom channel, as the real servers do, quirks included; goes wrong in chosen ways
/// (``FaultDials``), and shows what it was told (``SimulatorControl``, ``TwinControl``, ``CustomControl``). At `/` it
/// serves a small chat page.
///
/// It knows the platform's wire and rules. It may not know Moonwire: nothing here is shared with the code it tests.
public final class PlatformSimulator: Service {
    /// How a simulator starts.
    public struct Configuration: Sendable {
        public var host = "127.0.0.1"
        /// 0 for any free port.
        public var port = 0
        /// Between two pings of a socket.
        public var pingInterval: Duration = .seconds(3)
        /// Seed of tokens and uuids.
        public var seed: UInt64 = 1
        public var faults = FaultSettings()
        /// The clock of everything that the world dates.
        public var clock: @Sendable () -> Date = { Date() }
        public var logger: Logger

        public init() {
            logger = Logger(label: "moonwire.simulator")
            logger.logLevel = .warning
        }
    }

    private struct Listener: Sendable {
        let server: Server<SimulatorChannel>
        let task: Task<Void, any Error>
        let port: Int
        let pings: RepeatedTask
    }

    /// The dials for faults.
    public let faults: FaultDials
    /// What tests and demos do to the Chatwoot family's stand-in and read from it.
    public let control: SimulatorControl
    /// What tests and demos do to the TWIN24 stand-in and read from it.
    public let twin: TwinControl
    /// What tests and demos do to the custom channel's stand-in and read from it.
    public let custom: CustomControl

    let world: ChatwootWorld
    private let configuration: Configuration
    private let hub: CableHub
    private let centrifuge: CentrifugeServer
    private let connections = OpenConnections()
    private let throttle = Throttle()
    private let log: RequestLog
    private let listener = Mutex<Listener?>(nil)
    private let boundPort = Mutex(0)

    private init(_ configuration: Configuration) {
        self.configuration = configuration
        let dials = FaultDials()
        dials.update { $0 = configuration.faults }
        faults = dials
        hub = CableHub()
        log = RequestLog()
        let publisher = EventPublisher(hub: hub, faults: dials, loop: MultiThreadedEventLoopGroup.singleton.next())
        world = ChatwootWorld(
            publisher: publisher, seed: configuration.seed,
            floodLimit: { dials.settings.limits.messagesPerMinute }, clock: configuration.clock)
        control = SimulatorControl(world: world, hub: hub, faults: faults, log: log)
        let streams = CentrifugeHub(faults: dials, ledger: TwinLedger(), seed: configuration.seed)
        let twinWorld = TwinWorld(
            announcer: TwinAnnouncer(hub: streams), faults: dials, seed: configuration.seed,
            clock: configuration.clock)
        centrifuge = CentrifugeServer(hub: streams, backend: twinWorld, faults: dials, log: CommandLog())
        twin = TwinControl(world: twinWorld, hub: streams, log: centrifuge.log)
        custom = CustomControl(world: CustomWorld(clock: configuration.clock))
    }

    /// Fills the demo world and opens the port.
    public static func start(_ configuration: Configuration = Configuration()) async throws(SimulatorError)
        -> PlatformSimulator
    {
        let simulator = PlatformSimulator(configuration)
        await simulator.world.populate()
        await simulator.twin.world.populate()
        try await simulator.listen(port: configuration.port)
        return simulator
    }

    /// The port that is or was open.
    public var port: Int { boundPort.withLock { $0 } }

    /// The origin, as `http://127.0.0.1:4000`.
    public var url: String { "http://\(configuration.host):\(port)" }

    /// Where the services of TWIN24 are, as its operators configure them.
    public var twinURLs: TwinURLs {
        TwinURLs(
            iam: url + TwinPath.iam, chat: url + TwinPath.chat, realtime: url + TwinPath.realtime,
            notify: url + TwinPath.notify)
    }

    /// Where custom channels post, as the platform's dialog shows it.
    public var customWebhookURL: String { url + CustomDemoWorld.webhookPath }

    /// Serves until the task is cancelled or the service group shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            // Nothing to do but to be there: the sockets are served by tasks of the listener.
            try? await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
        }
        await stop()
    }

    /// Says goodbye to every socket (`server_restart`, then 1000) and closes the port.
    public func stop() async { await goDown(abruptly: false) }

    /// Closes the port and keeps the world.
    ///
    /// - Parameter abruptly: cuts all connections with no goodbye, as a crash does.
    public func goDown(abruptly: Bool) async {
        guard
            let listener = listener.withLock({ current in
                defer { current = nil }
                return current
            })
        else { return }
        listener.pings.cancel()
        await world.failWaiters()
        twin.world.ledger.failWaiters()
        if abruptly {
            connections.cutAll()
        } else {
            control.sockets(.disconnect())
            twin.streams(.close(code: 3001, reason: "shutdown"))
        }
        // Connections that do not go by themselves, and those accepted in the last moment, are cut.
        let cutter = Task {
            try await Task.sleep(for: abruptly ? .milliseconds(20) : .milliseconds(500))
            while true {
                connections.cutAll()
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        try? await listener.server.shutdownGracefully()
        _ = await listener.task.result
        cutter.cancel()
    }

    /// Opens the same port again after ``goDown(abruptly:)``.
    public func comeBack() async throws(SimulatorError) {
        guard listener.withLock({ $0 == nil }) else { return }
        try await listen(port: port)
    }

    private func listen(port: Int) async throws(SimulatorError) {
        let gate = RequestGate(
            router: makeRouter(), faults: faults, log: log, throttle: throttle,
            logger: configuration.logger)
        let channel = SimulatorChannel(
            responder: { request, writer, channel in try await gate.respond(request, writer, channel) }, hub: hub,
            world: world, centrifuge: centrifuge, faults: faults, throttle: throttle, connections: connections)
        let (started, starting) = AsyncThrowingStream<Int, any Error>.makeStream()
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(address: .hostname(configuration.host, port: port)),
            onServerRunning: { channel in starting.yield(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: configuration.logger)
        let task = Task {
            do {
                try await server.run()
                starting.finish()
            } catch {
                starting.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await port in started {
                boundPort.withLock { $0 = port }
                await world.setBaseURL(url)
                await twin.world.setIAMURL(twinURLs.iam)
                listener.withLock { $0 = Listener(server: server, task: task, port: port, pings: startPings()) }
                return
            }
        } catch {
            throw SimulatorError(.cannotListen, "cannot listen on \(configuration.host):\(port): \(error)")
        }
        throw SimulatorError(.cannotListen, "the server ended before it listened")
    }

    private func startPings() -> RepeatedTask {
        let interval = TimeAmount(configuration.pingInterval)
        let hub = hub
        return MultiThreadedEventLoopGroup.singleton.next()
            .scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in hub.ping(at: Date().epochSeconds) }
    }

    private func makeRouter() -> RouterResponder<BasicRequestContext> {
        let table = RouteTable(router: Router(), world: world)
        table.addClientRoutes()
        table.addFileRoutes()
        table.addOperatorConversationRoutes()
        table.addOperatorMessageRoutes()
        table.addOperatorContactRoutes()
        table.addOperatorDirectoryRoutes()
        table.addSocketRoutes()
        table.addTwinAccountRoutes(twin.world)
        table.addTwinDirectoryRoutes(twin.world)
        table.addTwinWidgetRoutes(twin.world)
        table.addTwinSessionRoutes(twin.world)
        table.addTwinMessageRoutes(twin.world)
        table.addCustomRoutes(custom)
        table.addObservationRoutes(control)
        table.addWritingRoutes(control)
        table.addTwinControlRoutes(twin)
        table.addTwinStreamControlRoutes(twin)
        table.addFaultRoutes(control) { [weak self] seconds, abruptly in
            // The outage starts after its own answer: a listener that waits for the answer cannot go down.
            Task {
                try? await Task.sleep(for: .milliseconds(50))
                await self?.goDown(abruptly: abruptly)
                try? await Task.sleep(for: .seconds(seconds))
                try? await self?.comeBack()
            }
        }
        table.addPageRoutes()
        return table.router.buildResponder()
    }
}
