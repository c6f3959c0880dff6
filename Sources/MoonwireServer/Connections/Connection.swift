import HummingbirdCore
import Moonwire
import NIOCore
import NIOHTTP1

/// Serves the requests of one connection, one after another.
struct Connection {
    typealias Parts = NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator

    let channel: any NIOCore.Channel
    let caller: Caller
    var parts: Parts
    let site: Site

    /// How far the body of the request in hand has been read.
    private var bodyIsRead = false

    init(_ open: OpenConnection, parts: Parts, site: Site) {
        channel = open.channel
        caller = open.caller
        self.parts = parts
        self.site = site
    }

    mutating func serve() async throws {
        do {
            while case .head(let head)? = try await parts.next() {
                guard try await exchange(head) else { break }
            }
        } catch let error as HTTPParserError {
            // No head could be read. What was wrong with one that could be has been answered.
            let status = Self.status(of: error)
            var entry = AccessLog.Entry(
                id: RequestID.make(), remoteAddress: channel.remoteAddress?.ipAddress, status: status)
            let answer = InboundResponse.failure(status, Self.sentence(status))
            var writer = AnswerWriter(
                channel: channel, caller: caller, id: entry.id, version: .http1_1, keepsAlive: false)
            try await writer.write(answer, entry: &entry)
            site.log(entry)
        }
        try await linger()
    }

    /// - Returns: Whether the connection may bring another request.
    private mutating func exchange(_ head: HTTPRequestHead) async throws -> Bool {
        let start = ContinuousClock.now
        bodyIsRead = false
        let target = RequestTarget(head.uri)
        let address = site.address(ofCallerAt: channel, head.headers)
        var entry = AccessLog.Entry(
            method: head.method.rawValue, path: target?.path ?? "-", id: RequestID.make(), remoteAddress: address)
        let mayAnswer = site.requestBegan()
        defer { if mayAnswer { site.requestEnded() } }
        var answer: InboundResponse
        if mayAnswer {
            do {
                answer = try await self.answer(to: head, target, id: entry.id, address: address)
            } catch let error as HTTPParserError {
                let status = Self.status(of: error)
                answer = .failure(status, Self.sentence(status))
            } catch is SlowPeer {
                answer = .failure(408, "The request took too long to come")
            }
        } else {
            answer = .failure(503, "The host is going down", headers: [("retry-after", "10")])
        }
        if !bodyIsRead, !Self.hasBody(head) { try await readEnd() }
        let keepsAlive = head.isKeepAlive && bodyIsRead && !Self.leavesHTTP(head) && !site.isDraining
        var writer = AnswerWriter(
            channel: channel, caller: caller, id: entry.id, version: head.version, keepsAlive: keepsAlive,
            sendsBody: head.method != .HEAD)
        defer {
            entry.duration = ContinuousClock.now - start
            site.log(entry)
        }
        try await writer.write(answer, entry: &entry)
        return writer.keepsAlive
    }

    private mutating func answer(
        to head: HTTPRequestHead, _ target: RequestTarget?, id: String, address: String?
    ) async throws -> InboundResponse {
        let limits = site.settings.limits
        guard head.uri.utf8.count <= limits.targetBytes else {
            return .failure(414, "The address of the request is longer than \(limits.targetBytes) bytes")
        }
        guard let target, head.version.minor == 0 || head.headers["host"].count == 1 else {
            return .failure(400, "The request has no address, or not one host")
        }
        guard let route = site.routes.route(for: target.path) else {
            return site.routes.isComplete
                ? .failure(404, "There is nothing at this address")
                : .failure(503, "The host is starting", headers: [("retry-after", "2")])
        }
        // To a route a HEAD is a GET.
        let method = head.method == .HEAD && route.methods.contains("GET") ? "GET" : head.method.rawValue
        guard route.methods.contains(method) else {
            let allowed = route.methods.union(route.methods.contains("GET") ? ["HEAD"] : [])
            return .failure(
                405, "This address does not take \(AccessLog.printable(method))",
                headers: [("allow", allowed.sorted().joined(separator: ", "))])
        }
        let inbound = InboundHead(
            id: id, method: method, path: target.path, query: target.query,
            headers: head.headers.map { ($0.name.lowercased(), $0.value) }, remoteAddress: address)
        if let refusal = await route.refusal(of: inbound) { return refusal }
        let limit = min(route.bodyLimit, limits.bodyBytes ?? .max)
        guard let body = try await body(of: head, limit: limit) else {
            return .failure(413, "The body is larger than \(limit) bytes")
        }
        return await route.answer(InboundRequest(head: inbound, body: body))
    }

    /// - Returns: `nil` for a body over the limit, of which no more than that was read.
    private mutating func body(of head: HTTPRequestHead, limit: Int) async throws -> [UInt8]? {
        var expected = 0
        if let length = head.headers.first(name: "content-length").flatMap(Int.init) {
            guard length <= limit else { return nil }
            expected = length
        }
        if head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" }) {
            let part = HTTPServerResponsePart.head(.init(version: head.version, status: .continue))
            try await channel.writeAndFlush(part).get()
        }
        var body: [UInt8] = []
        // A length that is only announced must not cost memory.
        body.reserveCapacity(min(expected, 16 << 10))
        while let part = try await parts.next() {
            switch part {
            case .head: throw ChannelError.inputClosed
            case .body(let bytes):
                guard body.count + bytes.readableBytes <= limit else { return nil }
                body.append(contentsOf: bytes.readableBytesView)
            case .end:
                bodyIsRead = true
                return body
            }
        }
        throw ChannelError.inputClosed
    }

    private mutating func readEnd() async throws {
        while !bodyIsRead, let part = try await parts.next() {
            if case .end = part { bodyIsRead = true }
        }
    }

    /// Whether what comes after the request is meant in another protocol, and therefore not read.
    private static func leavesHTTP(_ head: HTTPRequestHead) -> Bool {
        head.method == .CONNECT || head.headers.contains(name: "upgrade")
    }

    private static func hasBody(_ head: HTTPRequestHead) -> Bool {
        head.headers.contains(name: "transfer-encoding")
            || head.headers.first(name: "content-length").map { $0 != "0" } ?? false
    }

    /// Throws away what still comes of a request that was answered early: closing on unread bytes would take the answer
    /// from the peer. How long that may take is watched by ``ConnectionDeadlines``.
    private mutating func linger() async throws {
        var left = 1 << 20
        while !bodyIsRead, left > 0, let part = try await parts.next() {
            switch part {
            case .head: return
            case .body(let bytes): left -= bytes.readableBytes
            case .end: bodyIsRead = true
            }
        }
    }

    private static func status(of error: HTTPParserError) -> Int {
        switch error {
        case .headerOverflow: 431
        case .invalidVersion: 505
        default: 400
        }
    }

    private static func sentence(_ status: Int) -> String {
        switch status {
        case 431: "The headers of the request are too large"
        case 505: "Only HTTP/1.0 and HTTP/1.1 are spoken here"
        default: "This is not HTTP"
        }
    }
}
