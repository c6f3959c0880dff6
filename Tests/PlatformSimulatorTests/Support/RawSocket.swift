import NIOCore
import NIOPosix

/// A TCP connection with nothing on top, so that tests see the very bytes of the simulator.
///
/// Used by one task: what it reads is kept until it is asked for.
final class RawSocket {
    private let channel: any Channel
    private var chunks: AsyncStream<[UInt8]>.Iterator
    private var buffered: [UInt8] = []

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let continuation: AsyncStream<[UInt8]>.Continuation

        init(_ continuation: AsyncStream<[UInt8]>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    init(port: Int) async throws {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        chunks = stream.makeAsyncIterator()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ bytes: some Sequence<UInt8>) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// The next so many bytes; nil when the connection ended before.
    func read(_ count: Int) async -> [UInt8]? {
        while buffered.count < count {
            guard let chunk = await chunks.next() else { return nil }
            buffered += chunk
        }
        defer { buffered.removeFirst(count) }
        return Array(buffered.prefix(count))
    }

    /// Everything up to a blank line, without it; nil when the connection ended before.
    func readHead() async -> String? {
        let gap = Array("\r\n\r\n".utf8)
        while true {
            if let end = buffered.indices.first(where: { buffered[$0...].starts(with: gap) }) {
                defer { buffered.removeFirst(end + gap.count) }
                return String(decoding: buffered[..<end], as: UTF8.self)
            }
            guard let chunk = await chunks.next() else { return nil }
            buffered += chunk
        }
    }

    /// What is left until the other side closes.
    func readToEnd() async -> [UInt8] {
        while let chunk = await chunks.next() { buffered += chunk }
        defer { buffered = [] }
        return buffered
    }

    func close() async { try? await channel.close() }
}
