import NIOCore

/// The server's end of one connection in a test.
public struct ServerPeer {
    let channel: any Channel
    var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var buffer: [UInt8] = []

    init(
        channel: any Channel, inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound
        self.outbound = outbound
    }

    /// The head of an HTTP request, up to and without the empty line.
    public mutating func readRequest() async throws -> String {
        while true {
            let text = String(decoding: buffer, as: UTF8.self)
            if let end = text.utf8.indices.first(where: { text.utf8[$0...].starts(with: "\r\n\r\n".utf8) }) {
                let head = String(text[..<end])
                buffer.removeFirst(head.utf8.count + 4)
                return head
            }
            guard try await readMore() else { throw PeerGone() }
        }
    }

    /// Reads the request and answers 101, with more bytes in the same write.
    @discardableResult
    public mutating func upgrade(subprotocol: String? = nil, then bytes: [UInt8] = []) async throws -> String {
        let request = try await readRequest()
        try await write(Self.switching(request, subprotocol: subprotocol) + bytes)
        return request
    }

    /// The answer that switches protocols.
    public static func switching(_ request: String, subprotocol: String? = nil) -> [UInt8] {
        let key = header("sec-websocket-key", in: request) ?? ""
        var answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        answer += "Sec-WebSocket-Accept: \(webSocketAccept(key))\r\n"
        if let subprotocol { answer += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        return Array((answer + "\r\n").utf8)
    }

    /// The value of a header in a request head.
    public static func header(_ name: String, in request: String) -> String? {
        for line in request.split(separator: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else { continue }
            return line[line.index(after: colon)...].drop { $0 == " " }.description
        }
        return nil
    }

    /// Writes bytes as they are.
    public func write(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Writes a text frame.
    public func send(_ text: String) async throws {
        try await write(ServerFrame.text(text))
    }

    /// The next frame of the client, unmasked; `nil` at the end of the connection.
    public mutating func nextFrame() async throws -> (opcode: UInt8, payload: [UInt8])? {
        while true {
            if let frame = takeFrame() { return frame }
            guard try await readMore() else { return nil }
        }
    }

    /// The next text of the client; other frames are skipped.
    public mutating func nextText() async throws -> String? {
        while let frame = try await nextFrame() {
            if frame.opcode == 1 { return String(decoding: frame.payload, as: UTF8.self) }
        }
        return nil
    }

    /// Returns when the client has ended the connection.
    public mutating func waitForEnd() async throws {
        while try await nextFrame() != nil {}
    }

    private mutating func readMore() async throws -> Bool {
        guard let part = try await inbound.next() else { return false }
        buffer.append(contentsOf: part.readableBytesView)
        return true
    }

    private mutating func takeFrame() -> (opcode: UInt8, payload: [UInt8])? {
        guard buffer.count >= 2 else { return nil }
        var start = 2
        var length = Int(buffer[1] & 0x7F)
        if length >= 126 {
            let size = length == 126 ? 2 : 8
            guard buffer.count >= 2 + size else { return nil }
            length = buffer[2..<2 + size].reduce(0) { $0 << 8 | Int($1) }
            start += size
        }
        // A client must mask.
        guard buffer[1] & 0x80 != 0, buffer.count >= start + 4 + length else { return nil }
        let mask = Array(buffer[start..<start + 4])
        let payload = buffer[(start + 4)..<(start + 4 + length)].enumerated().map { $1 ^ mask[$0 % 4] }
        let opcode = buffer[0] & 0x0F
        buffer.removeFirst(start + 4 + length)
        return (opcode, payload)
    }
}

/// The client went away while the script expected more of it.
public struct PeerGone: Error {
    public init() {}
}
