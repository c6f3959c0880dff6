/// Which exchanges may run and which wait for a connection, first come, first served for each origin.
///
/// libcurl has such a queue too, but prepares every waiting transfer twice. An origin that speaks HTTP/2 needs no
/// queue: libcurl puts its exchanges on one connection.
struct Admission {
    /// One scheme, host and port.
    final class Origin {
        fileprivate var running = 0
        fileprivate var waiting = Queue()
        fileprivate var isMultiplexed = false
    }

    private let limit: Int
    private var origins: [String: Origin] = [:]
    /// Not later than the first deadline of a waiting exchange; `nil` when none waits.
    private(set) var nextExpiry: Int64?

    /// Origins without exchanges are remembered, for what they speak, up to this number.
    private static let rememberedOrigins = 256
    /// Streams above this wait in any case; servers commonly allow a hundred for each connection.
    private static let multiplexedLimit = 800

    init(connectionsPerHost: Int) {
        limit = connectionsPerHost
    }

    /// Whether the exchange may start now; otherwise it is kept.
    mutating func admit(_ exchange: Exchange) -> Bool {
        let origin = origin(exchange.prepared.origin)
        exchange.origin = origin
        guard origin.waiting.isEmpty, hasRoom(origin) else {
            exchange.hasWaited = true
            origin.waiting.append(exchange)
            nextExpiry = min(nextExpiry ?? .max, exchange.deadline)
            return false
        }
        origin.running += 1
        return true
    }

    /// Notes the end of an exchange that was admitted.
    mutating func leave(_ origin: Origin, speaking version: HTTPResponse.Version?) {
        origin.running -= 1
        if let version { origin.isMultiplexed = version == .http2 || version == .http3 }
    }

    /// The next waiting exchange that may start.
    mutating func next(_ origin: Origin) -> Exchange? {
        while hasRoom(origin), let exchange = origin.waiting.popFirst() {
            // Those that were cancelled or ran out of time have left no gap but a shell.
            if exchange.isFinished { continue }
            origin.running += 1
            return exchange
        }
        return nil
    }

    /// Waiting exchanges whose time has passed; the caller finishes them.
    mutating func expired(at now: Int64) -> [Exchange] {
        guard let due = nextExpiry, due <= now else { return [] }
        var expired: [Exchange] = []
        var next: Int64?
        for origin in origins.values {
            origin.waiting.removeAll { exchange in
                if exchange.isFinished { return true }
                if exchange.deadline <= now {
                    expired.append(exchange)
                    return true
                }
                next = min(next ?? .max, exchange.deadline)
                return false
            }
        }
        nextExpiry = next
        return expired
    }

    /// Everything that waits, for the end of the loop.
    mutating func removeAll() -> [Exchange] {
        defer { origins = [:] }
        var all: [Exchange] = []
        for origin in origins.values {
            while let exchange = origin.waiting.popFirst() { all.append(exchange) }
        }
        return all
    }

    private func hasRoom(_ origin: Origin) -> Bool {
        origin.running < (origin.isMultiplexed ? max(limit, Self.multiplexedLimit) : limit)
    }

    private mutating func origin(_ name: String) -> Origin {
        if let known = origins[name] { return known }
        if origins.count >= Self.rememberedOrigins {
            origins = origins.filter { $0.value.running > 0 || !$0.value.waiting.isEmpty }
        }
        let origin = Origin()
        origins[name] = origin
        return origin
    }
}

extension Admission {
    /// First in, first out; the front is given back in larger steps.
    fileprivate struct Queue {
        private var items: [Exchange] = []
        private var head = 0

        var isEmpty: Bool { head == items.count }

        mutating func append(_ exchange: Exchange) {
            items.append(exchange)
        }

        mutating func popFirst() -> Exchange? {
            guard head < items.count else { return nil }
            let first = items[head]
            head += 1
            if head > 64, head * 2 > items.count {
                items.removeFirst(head)
                head = 0
            }
            return first
        }

        mutating func removeAll(where isGone: (Exchange) -> Bool) {
            items.removeFirst(head)
            head = 0
            items.removeAll(where: isGone)
        }
    }
}
