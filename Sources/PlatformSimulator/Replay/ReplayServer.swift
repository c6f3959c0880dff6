import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
import Synchronization

/// A server that plays back what `moonwire record` wrote: each request gets the recorded answer of the same method and
/// path, and whoever connects to a recorded socket hears what was said there.
///
/// It knows no platform, but which frames are pings.
public final class ReplayServer: Service {
    /// How a replay starts.
    public struct Configuration: Sendable {
        public var host = "127.0.0.1"
        /// 0 for any free port.
        public var port = 0
        /// What the times between frames are divided by.
        public var speed = 1.0

        public init() {}
    }

    /// What a recording says of itself.
    public struct Origin: Sendable, Hashable {
        public let channel: String
        public let platform: String
        public let role: String
        /// The account of an operator's seat.
        public let account: Int?
    }

    private let configuration: Configuration
    private let traffic: RecordedTraffic
    private let connections = OpenConnections()
    private let server = Mutex<(server: Server<ReplayChannel>, task: Task<Void, any Error>)?>(nil)
    private let boundPort = Mutex(0)

    private init(_ traffic: RecordedTraffic, _ configuration: Configuration) {
        self.traffic = traffic
        self.configuration = configuration
    }

    /// Reads a recording and opens the port.
    ///
    /// - Parameter recording: The whole text of the file.
    public static func start(
        _ recording: String, _ configuration: Configuration = Configuration()
    ) async throws(SimulatorError) -> ReplayServer {
        let server = ReplayServer(try RecordedTraffic(recording), configuration)
        try await server.listen()
        return server
    }

    public var port: Int { boundPort.withLock { $0 } }

    /// The origin, as `http://127.0.0.1:4000`.
    public var url: String { "http://\(configuration.host):\(port)" }

    public var origin: Origin {
        Origin(
            channel: traffic.header["channel"]?.string ?? "", platform: traffic.header["platform"]?.string ?? "",
            role: traffic.header["role"]?.string ?? "", account: traffic.header["account"]?.castInt)
    }

    /// The addresses to configure, by their keys in a channel's configuration.
    public var addresses: [(key: String, url: String)] {
        (traffic.header["addresses"]?.object?.members ?? []).map { ($0.key, url + ($0.value.string ?? "")) }
    }

    /// How many answers and sockets the recording holds.
    public var counts: (answers: Int, sockets: Int) { (traffic.exchanges.count, traffic.connections.count) }

    /// Serves until the task is cancelled or the service group shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            // The sockets are served by tasks of the listener.
            try? await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
        }
        await stop()
    }

    /// Cuts all connections and closes the port.
    public func stop() async {
        let running = server.withLock { current in
            defer { current = nil }
            return current
        }
        guard let running else { return }
        connections.cutAll()
        // A connection accepted in the last moment is cut too.
        let cutter = Task { [connections] in
            while true {
                try await Task.sleep(for: .milliseconds(20))
                connections.cutAll()
            }
        }
        try? await running.server.shutdownGracefully()
        _ = await running.task.result
        cutter.cancel()
    }

    private func listen() async throws(SimulatorError) {
        let answers = ReplayAnswers(traffic.exchanges)
        let logger = Logger(label: "moonwire.replay") { _ in SwiftLogNoOpLogHandler() }
        let channel = ReplayChannel(
            responder: { request, writer, _ in
                let path = (request.head.path ?? "/").split(separator: "?", maxSplits: 1).first.map(String.init)
                var response = answers.answer(method: request.method.rawValue, path: path ?? "/").response
                if request.headers[.connection] == "close" { response.headers[.connection] = "close" }
                try await writer.write(response: response.head, body: response.body)
            }, sockets: ReplaySockets(traffic.connections), speed: configuration.speed, connections: connections)
        let (started, starting) = AsyncThrowingStream<Int, any Error>.makeStream()
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in starting.yield(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
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
                self.server.withLock { $0 = (server, task) }
                return
            }
        } catch {
            throw SimulatorError(
                .cannotListen, "cannot listen on \(configuration.host):\(configuration.port): \(error)")
        }
        throw SimulatorError(.cannotListen, "the server ended before it listened")
    }
}
