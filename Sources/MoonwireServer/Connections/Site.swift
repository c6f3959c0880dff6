import HummingbirdCore
import Logging
import Moonwire
import NIOCore
import NIOHTTP1
import Synchronization

/// What all connections of a listener share.
final class Site: Sendable {
    let settings: ServerSettings
    let routes: RouteTable
    private let accessLog: AccessLog
    private let census: Census
    private let state = Mutex(State())

    private struct State {
        var isDraining = false
        var open = 0
    }

    /// Ends when no request is being answered and none will be.
    let life: AsyncStream<Never>
    private let end: AsyncStream<Never>.Continuation

    init(settings: ServerSettings, routes: RouteTable, accessLog: AccessLog) {
        self.settings = settings
        self.routes = routes
        self.accessLog = accessLog
        census = Census(limit: settings.limits.mostPerAddress)
        (life, end) = AsyncStream.makeStream()
    }

    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// From now on every new request is refused.
    func drain() {
        state.withLock { $0.isDraining = true }
        finishDraining()
    }

    /// - Returns: Whether the request may be answered; then ``requestEnded()`` must follow.
    func requestBegan() -> Bool {
        state.withLock { state in
            guard !state.isDraining else { return false }
            state.open += 1
            return true
        }
    }

    func requestEnded() {
        state.withLock { $0.open -= 1 }
        finishDraining()
    }

    private func finishDraining() {
        if state.withLock({ $0.isDraining && $0.open == 0 }) { end.finish() }
    }

    func log(_ entry: AccessLog.Entry) { accessLog.write(entry) }

    /// A request that never became one.
    func log(slow channel: any NIOCore.Channel) {
        log(AccessLog.Entry(id: RequestID.make(), remoteAddress: channel.remoteAddress?.ipAddress, status: 408))
    }

    /// Whether a connection that was accepted may stay.
    func admits(_ channel: any NIOCore.Channel) -> Bool {
        // A proxy speaks for many.
        guard let address = channel.remoteAddress?.ipAddress, !isTrusted(address), let peer = Census.Peer(address)
        else { return true }
        guard census.enter(peer) else {
            if let refused = census.news() {
                accessLog.refused(address, limit: settings.limits.mostPerAddress, count: refused)
            }
            return false
        }
        channel.closeFuture.whenComplete { [census] _ in census.leave(peer) }
        return true
    }

    /// Who calls: the peer, or whom a trusted proxy says that it speaks for.
    func address(ofCallerAt channel: any NIOCore.Channel, _ headers: HTTPHeaders) -> String? {
        guard let peer = channel.remoteAddress?.ipAddress else { return nil }
        guard isTrusted(peer) else { return peer }
        let named = headers[canonicalForm: "x-forwarded-for"].map(String.init)
        // From the right: what stands left of the first stranger was written by strangers.
        for address in named.reversed() where !isTrusted(address) {
            return (try? SocketAddress(ipAddress: address, port: 0))?.ipAddress ?? peer
        }
        return peer
    }

    private func isTrusted(_ address: String) -> Bool {
        settings.trustedProxies.contains { $0.contains(address) }
    }
}

/// Names of requests.
enum RequestID {
    static func make() -> String {
        let text = String(UInt64.random(in: .min ... .max), radix: 36)
        return String(repeating: "0", count: 13 - text.count) + text
    }
}
