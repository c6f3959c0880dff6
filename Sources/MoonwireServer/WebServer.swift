import HummingbirdCore
import HummingbirdTLS
public import Logging
import Moonwire
import NIOCore
import NIOPosix
import NIOSSL
public import ServiceLifecycle

/// The host's one web server: a public listener for platforms, providers and browsers, and a private one for whoever
/// runs the host.
///
/// Knows HTTP and what every request needs (limits, time, ids, the log); what an address means is its route's. When the
/// group shuts down, new requests get 503, streams end and requests in hand are finished, before the port closes.
public final class WebServer: Service {
    /// What stands on the public listener.
    public let routes: RouteTable
    /// What stands on the private listener; the same as ``routes`` when there is none.
    public let privateRoutes: RouteTable
    private let settings: ServerSettings
    private let tls: TLSConfiguration?
    private let logger: Logger

    /// - Throws: `ServerError` when the certificate or its key cannot be used.
    public init(_ settings: ServerSettings, logger: Logger) throws(ServerError) {
        self.settings = Self.fitting(settings, files: OpenFiles.limit, logger: logger)
        self.logger = logger
        tls = try settings.tls.map { files throws(ServerError) in try files.configuration() }
        routes = RouteTable()
        privateRoutes = settings.privateListen == nil ? routes : RouteTable()
    }

    /// The settings with no more connections than the process may open files for.
    static func fitting(_ settings: ServerSettings, files: Int?, logger: Logger) -> ServerSettings {
        guard let files else { return settings }
        // Each listener counts its own.
        let room = max(OpenFiles.forConnections(of: files) / (settings.privateListen == nil ? 1 : 2), 1)
        guard settings.limits.connections > room else { return settings }
        logger.warning(
            "Fewer connections are taken at a time than configured: the process may have no more files open (ulimit -n)",
            metadata: [
                "server.connections": "\(room)", "server.configured": "\(settings.limits.connections)",
                "server.files": "\(files)",
            ])
        var settings = settings
        settings.limits.connections = room
        return settings
    }

    public func run() async throws {
        try await run { _ in }
    }

    /// Listens until the group shuts down or the task is cancelled.
    ///
    /// - Parameter ready: Called once with the ports, the private one after the public.
    /// - Throws: `ServerError` when an address cannot be listened on.
    public func run(ready: @escaping @Sendable ([Int]) async -> Void) async throws {
        var listeners = [try listener("public", settings.listen, routes, tls)]
        if let address = settings.privateListen {
            listeners.append(try listener("private", address, privateRoutes, nil))
        }
        let opened = listeners
        try await withThrowingTaskGroup(of: Void.self) { group in
            for listener in opened { group.addTask { try await listener.run() } }
            group.addTask {
                var ports: [Int] = []
                for listener in opened {
                    guard let port = await listener.port() else { return }
                    ports.append(port)
                }
                await ready(ports)
                await cancelWhenGracefulShutdown { try? await Task.sleep(for: .seconds(Int64.max / 2_000_000_000)) }
                for listener in opened {
                    listener.site.drain()
                    listener.site.routes.drain()
                }
                await self.drain(opened)
            }
            defer { group.cancelAll() }
            // The first that ends is the end: a listener that failed, or the drain.
            try await group.next()
        }
    }

    /// Waits for the requests in hand, as long as there is patience.
    private func drain(_ listeners: [Listener]) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for listener in listeners { for await _ in listener.site.life {} } }
            group.addTask { [patience = settings.patience.drain] in try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
    }

    private func listener(
        _ name: String, _ address: ServerSettings.Address, _ routes: RouteTable, _ tls: TLSConfiguration?
    ) throws -> Listener {
        let site = Site(
            settings: settings, routes: routes, accessLog: AccessLog(logger: logger, listener: name))
        return try Listener(name: name, address: address, site: site, tls: tls, logger: logger)
    }
}
