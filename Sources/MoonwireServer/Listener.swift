import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// One open port.
struct Listener: Sendable {
    let site: Site
    private let name: String
    private let address: ServerSettings.Address
    private let server: any Service
    private let logger: Logger
    private let ports: AsyncStream<Int>
    private let opened: AsyncStream<Int>.Continuation

    init(
        name: String, address: ServerSettings.Address, site: Site, tls: TLSConfiguration?, logger: Logger
    ) throws {
        self.name = name
        self.address = address
        self.site = site
        self.logger = logger
        let (ports, opened) = AsyncStream.makeStream(of: Int.self)
        self.ports = ports
        self.opened = opened
        let channel = WebChannel(site: site)
        // The framework says at every level what is said better here.
        var quiet = logger
        quiet.logLevel = .critical
        let configuration = ServerConfiguration(
            address: .hostname(address.host, port: address.port), serverName: nil,
            availableConnectionsDelegate: MaximumAvailableConnections(
                site.settings.limits.connections, logger: quiet))
        let running: @Sendable (any Channel) async -> Void = { channel in
            try? await channel.eventLoop.submit {
                let pause = AcceptPause { error in
                    logger.warning(
                        "No connection can be accepted now; those who knock wait",
                        metadata: ["server.listener": "\(name)", "error": "\(error)"])
                }
                try channel.pipeline.syncOperations.addHandler(pause, position: .first)
            }.get()
            opened.yield(channel.localAddress?.port ?? address.port)
        }
        let group = MultiThreadedEventLoopGroup.singleton
        server =
            if let tls {
                try TLSChannel(channel, tlsConfiguration: tls).server(
                    configuration: configuration, onServerRunning: running, eventLoopGroup: group, logger: quiet)
            } else {
                channel.server(
                    configuration: configuration, onServerRunning: running, eventLoopGroup: group, logger: quiet)
            }
    }

    /// The port, once it is open; `nil` when it never will be.
    func port() async -> Int? {
        for await port in ports {
            logger.info(
                "Listening", metadata: ["server.listener": "\(name)", "server.address": "\(address.host):\(port)"])
            return port
        }
        return nil
    }

    /// Serves until cancelled, whatever else shuts down: during a drain the port goes on answering.
    func run() async throws {
        let server = server
        // Detached from the group's shutdown, not from this task: it is awaited and cancelled here.
        let serving = Task.detached { try await server.run() }
        defer { opened.finish() }
        try await withTaskCancellationHandler {
            do {
                try await serving.value
            } catch is CancellationError {
                return
            } catch let error as IOError {
                throw ServerError(
                    .bind,
                    "the \(name) web server cannot listen on \(address): \(Self.reason(error)); "
                        + "give 'server' another address, or stop what has this one")
            }
        } onCancel: {
            serving.cancel()
        }
    }

    private static func reason(_ error: IOError) -> String {
        error.errnoCode == EADDRINUSE ? "the port is taken" : String(cString: strerror(error.errnoCode))
    }
}
