import Foundation
import Moonwire
import NIOCore
import NIOHTTP1

/// Puts one answer on the wire.
struct AnswerWriter {
    let channel: any NIOCore.Channel
    let caller: Caller
    let id: String
    let version: HTTPVersion
    private(set) var keepsAlive: Bool
    private let sendsBody: Bool

    init(
        channel: any NIOCore.Channel, caller: Caller, id: String, version: HTTPVersion, keepsAlive: Bool,
        sendsBody: Bool = true
    ) {
        self.channel = channel
        self.caller = caller
        self.id = id
        self.version = version
        self.keepsAlive = keepsAlive
        self.sendsBody = sendsBody
    }

    mutating func write(_ answer: InboundResponse, entry: inout AccessLog.Entry) async throws {
        entry.status = answer.status
        var isWritten = false
        defer { answer.written?(isWritten) }
        switch answer.body {
        case .bytes(let bytes):
            entry.bytes = sendsBody ? bytes.count : 0
            var head = head(of: answer)
            if head.status.mayHaveResponseBody {
                head.headers.add(name: "content-length", value: String(bytes.count))
            }
            channel.write(HTTPServerResponsePart.head(head), promise: nil)
            if sendsBody, head.status.mayHaveResponseBody, !bytes.isEmpty {
                channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes))), promise: nil)
            }
            try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
        case .stream(let chunks):
            // Without a length only the end of the connection tells an old client where the answer ends.
            if version.minor == 0 { keepsAlive = false }
            try await channel.writeAndFlush(HTTPServerResponsePart.head(head(of: answer))).get()
            if sendsBody { entry.bytes = try await copy(chunks) }
            try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
        }
        // What goes out to a caller who has left may never be read.
        isWritten = !caller.hasLeft
    }

    /// Writes chunks as they come, until there are no more or the peer has gone.
    private func copy(_ chunks: AsyncStream<[UInt8]>) async throws -> Int {
        let channel = channel
        let (life, end) = AsyncStream.makeStream(of: Never.self)
        channel.closeFuture.whenComplete { _ in end.finish() }
        return try await withThrowingTaskGroup(of: Int?.self) { group in
            group.addTask {
                var count = 0
                for await chunk in chunks where !chunk.isEmpty {
                    let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: chunk)))
                    try await channel.writeAndFlush(part).get()
                    count += chunk.count
                }
                return count
            }
            group.addTask {
                for await _ in life {}
                return nil
            }
            defer { group.cancelAll() }
            guard let count = try await group.next() ?? nil else { throw ChannelError.outputClosed }
            return count
        }
    }

    private func head(of answer: InboundResponse) -> HTTPResponseHead {
        var headers = HTTPHeaders()
        for (name, value) in answer.headers where name.lowercased() != "content-length" {
            headers.add(name: name, value: value)
        }
        headers.replaceOrAdd(name: "x-request-id", value: id)
        headers.replaceOrAdd(name: "date", value: HTTPDate.now)
        if !headers.contains(name: "x-content-type-options") {
            headers.add(name: "x-content-type-options", value: "nosniff")
        }
        if !keepsAlive {
            headers.replaceOrAdd(name: "connection", value: "close")
        } else if version.minor == 0 {
            headers.replaceOrAdd(name: "connection", value: "keep-alive")
        }
        return HTTPResponseHead(version: version, status: .init(statusCode: answer.status), headers: headers)
    }
}
