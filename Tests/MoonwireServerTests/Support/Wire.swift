import NIOCore
import NIOPosix

/// One connection to a server, byte by byte.
final class Wire {
    struct Answer: Equatable {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    struct Ended: Error {}

    private let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private var chunks: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received: [UInt8] = []

    private init(
        _ channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ writer: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        chunks = inbound.makeAsyncIterator()
        self.writer = writer
    }

    static func open<Value>(port: Int, _ talk: (Wire) async throws -> Value) async throws -> Value {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await talk(Wire(channel, inbound, outbound))
        }
    }

    func send(_ text: String) async throws {
        try await writer.write(ByteBuffer(string: text))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await writer.write(ByteBuffer(bytes: bytes))
    }

    /// Ends this side, as a caller does who waits no longer. Afterwards the server knows.
    func finish() async throws {
        writer.finish()
        // One round for this end to be closed, and another for the loop of the server's end to have looked at it.
        for _ in 0..<2 {
            for loop in MultiThreadedEventLoopGroup.singleton.makeIterator() { try await loop.submit {}.get() }
        }
    }

    /// What is still to come, until the server closes.
    func rest() async throws -> String {
        while await more() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// The next answer, with a body by its length or in chunks.
    func answer(toHead: Bool = false) async throws -> Answer {
        while end(of: "\r\n\r\n") == nil { guard await more() else { throw Ended() } }
        let split = try end(of: "\r\n\r\n").orEnded()
        let lines = String(decoding: received[..<split], as: UTF8.self).split(separator: "\r\n")
        received.removeFirst(split)
        let status = Int(lines.first?.split(separator: " ").dropFirst().first ?? "") ?? 0
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let sides = line.split(separator: ":", maxSplits: 1)
            headers[sides[0].lowercased()] = sides.count == 2 ? String(sides[1].drop { $0 == " " }) : ""
        }
        let hasBody = !toHead && status >= 200 && status != 204
        var body = ""
        if hasBody, headers["transfer-encoding"] == "chunked" {
            while let chunk = try await chunk() { body += chunk }
        } else if hasBody {
            body = try await take(Int(headers["content-length"] ?? "") ?? 0)
        }
        return Answer(status: status, headers: headers, body: body)
    }

    /// The next chunk of an answer; `nil` at its end.
    func chunk() async throws -> String? {
        while end(of: "\r\n") == nil { guard await more() else { throw Ended() } }
        let line = try end(of: "\r\n").orEnded()
        let size = Int(String(decoding: received[..<(line - 2)], as: UTF8.self), radix: 16) ?? 0
        received.removeFirst(line)
        let text = try await take(size)
        _ = try await take(2)
        return size == 0 ? nil : text
    }

    private func take(_ count: Int) async throws -> String {
        while received.count < count { guard await more() else { throw Ended() } }
        defer { received.removeFirst(count) }
        return String(decoding: received[..<count], as: UTF8.self)
    }

    private func more() async -> Bool {
        guard let chunk = try? await chunks.next() else { return false }
        received.append(contentsOf: chunk.readableBytesView)
        return true
    }

    private func end(of mark: String) -> Int? {
        let mark = Array(mark.utf8)
        guard received.count >= mark.count else { return nil }
        for start in 0...(received.count - mark.count) where Array(received[start..<(start + mark.count)]) == mark {
            return start + mark.count
        }
        return nil
    }
}

extension Int? {
    fileprivate func orEnded() throws -> Int {
        guard let self else { throw Wire.Ended() }
        return self
    }
}
