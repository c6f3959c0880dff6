import NIOCore
import NIOWebSocket

/// Puts messages together from frames, and holds the peer to the rules of RFC 6455.
struct MessageAssembler {
    /// What a frame amounted to.
    enum Output: Equatable {
        /// A fragment that completes nothing yet, or a pong.
        case none
        case message(WebSocketMessage)
        case ping(ByteBuffer)
        /// A close frame; `nil` when it carried no code.
        case close(code: UInt16?, reason: String)
    }

    /// A broken rule, with the close code that tells the peer.
    struct Violation: Error, Equatable {
        var code: UInt16
        var message: String
    }

    private let maxMessageSize: Int
    private var kind: WebSocketMessage.Kind?
    private var fragments: [UInt8] = []

    init(maxMessageSize: Int) {
        self.maxMessageSize = maxMessageSize
    }

    mutating func append(_ frame: WebSocketFrame) throws(Violation) -> Output {
        if frame.maskKey != nil {
            throw Violation(code: 1002, message: "the server masked a frame")
        }
        if frame.rsv1 || frame.rsv2 || frame.rsv3 {
            throw Violation(code: 1002, message: "the server used an extension that was not negotiated")
        }
        switch frame.opcode {
        case .text: return try begin(.text, frame)
        case .binary: return try begin(.binary, frame)
        case .continuation: return try resume(frame)
        case .ping: return .ping(frame.data)
        case .pong: return .none
        case .connectionClose: return try close(frame.data)
        default: throw Violation(code: 1002, message: "the server used an unknown kind of frame")
        }
    }

    private mutating func begin(
        _ kind: WebSocketMessage.Kind, _ frame: WebSocketFrame
    ) throws(Violation) -> Output {
        if self.kind != nil {
            throw Violation(code: 1002, message: "a message began inside another one")
        }
        try checkSize(frame.data.readableBytes)
        let payload = Array(buffer: frame.data)
        if frame.fin { return try finish(kind, payload) }
        self.kind = kind
        fragments = payload
        return .none
    }

    private mutating func resume(_ frame: WebSocketFrame) throws(Violation) -> Output {
        guard let kind else {
            throw Violation(code: 1002, message: "a message was continued that had not begun")
        }
        try checkSize(fragments.count + frame.data.readableBytes)
        fragments.append(contentsOf: frame.data.readableBytesView)
        guard frame.fin else { return .none }
        self.kind = nil
        let payload = fragments
        fragments = []
        return try finish(kind, payload)
    }

    private func finish(_ kind: WebSocketMessage.Kind, _ payload: [UInt8]) throws(Violation) -> Output {
        if kind == .text, !isValidUTF8(payload) {
            throw Violation(code: 1007, message: "a text message is not valid UTF-8")
        }
        return .message(WebSocketMessage(kind: kind, payload: payload))
    }

    private func checkSize(_ size: Int) throws(Violation) {
        if size > maxMessageSize {
            throw Violation(code: 1009, message: "a message is larger than \(maxMessageSize) bytes")
        }
    }

    private func close(_ data: ByteBuffer) throws(Violation) -> Output {
        var data = data
        if data.readableBytes == 0 { return .close(code: nil, reason: "") }
        guard let code = data.readInteger(as: UInt16.self), Self.mayBeSent(code) else {
            throw Violation(code: 1002, message: "the close frame carries an invalid code")
        }
        let reason = Array(buffer: data)
        guard isValidUTF8(reason) else {
            throw Violation(code: 1007, message: "the reason of the close frame is not valid UTF-8")
        }
        return .close(code: code, reason: String(decoding: reason, as: UTF8.self))
    }

    /// Whether a code may appear in a close frame.
    static func mayBeSent(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
