import NIOCore
import NIOHTTP1
import NIOPosix

/// One request that the simulated platform makes, over a connection of its own.
struct CustomAgentCall: Sendable {
    var method = "POST"
    var url: String
    var headers: [(String, String)]
    var body: [UInt8]
    /// Whether the body is announced but never sent.
    var withholdsBody = false
    var timeout: TimeAmount = .seconds(20)

    private struct Address {
        let host: String
        let port: Int
        let path: String

        /// `nil` for what is no `http://host:port/path`.
        init?(_ url: String) {
            guard url.hasPrefix("http://") else { return nil }
            let rest = url.dropFirst("http://".count)
            let authority = rest.prefix { $0 != "/" }
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
            self.host = String(host)
            port = parts.count == 2 ? Int(parts[1]) ?? 80 : 80
            path = authority.endIndex == rest.endIndex ? "/" : String(rest[authority.endIndex...])
        }
    }

    func send() async -> CustomCallAnswer {
        let start = ContinuousClock.now
        func answer(_ status: Int, _ headers: [String: String] = [:], _ body: String = "") -> CustomCallAnswer {
            let seconds = (ContinuousClock.now - start) / .milliseconds(1) / 1000
            return CustomCallAnswer(status: status, headers: headers, body: body, seconds: seconds)
        }
        guard let address = Address(url) else { return answer(0, [:], "the address is not http://host:port/path") }
        do {
            let received = try await exchange(with: address)
            let headers = Dictionary(
                received.head.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
            return answer(
                Int(received.head.status.code), headers, String(decoding: received.body, as: UTF8.self))
        } catch {
            return answer(0, [:], "\(error)")
        }
    }

    private func exchange(with address: Address) async throws -> AnswerCollector.Answer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: AnswerCollector.Answer.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: loop).connectTimeout(.seconds(5))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(AnswerCollector(promise))
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            promise.fail(error)
            throw error
        }
        let timer = loop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        defer {
            timer.cancel()
            channel.close(promise: nil)
        }
        return try await withTaskCancellationHandler {
            write(to: channel, address)
            return try await promise.futureResult.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func write(to channel: any Channel, _ address: Address) {
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: address.path)
        head.headers.add(name: "Host", value: "\(address.host):\(address.port)")
        if !body.isEmpty || method == "POST" { head.headers.add(name: "Content-Length", value: "\(body.count)") }
        for (name, value) in headers { head.headers.add(name: name, value: value) }
        channel.writeAndFlush(HTTPClientRequestPart.head(head), promise: nil)
        guard !withholdsBody else { return }
        if !body.isEmpty {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }
}

/// Puts the parts of an answer together.
private final class AnswerCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    struct Answer: Sendable {
        let head: HTTPResponseHead
        var body: [UInt8] = []
    }

    private let promise: EventLoopPromise<Answer>
    private var answer: Answer?
    private var isDone = false

    init(_ promise: EventLoopPromise<Answer>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): answer = Answer(head: head)
        case .body(let bytes): answer?.body.append(contentsOf: bytes.readableBytesView)
        case .end:
            guard let answer, !isDone else { return }
            isDone = true
            promise.succeed(answer)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What was answered before the connection broke counts all the same.
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        promise.fail(ChannelError.eof)
    }
}
