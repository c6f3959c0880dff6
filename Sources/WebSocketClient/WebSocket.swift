public import Logging
public import NIOCore
import NIOPosix
import NIOWebSocket

/// An open client connection of RFC 6455 over SwiftNIO and NIOSSL.
///
/// This target knows frames, handshakes, TLS and proxies. It does not know what the messages mean, and it never
/// reconnects: that is the business of the protocol above.
///
/// ```swift
/// let socket = try await WebSocket.connect(WebSocketConfiguration(url: "wss://chat.example.com/cable"))
/// for try await batch in socket.batches {
///     for message in batch { handle(message.payload) }
/// }
/// print(socket.closure ?? "aborted")
/// ```
///
/// All methods may be called from any thread. A connection is dropped when neither the socket nor a walk over its
/// batches is referenced any more.
public final class WebSocket: Sendable {
    /// The messages received, one element per read from the socket; see `WebSocketBatches`.
    public let batches: WebSocketBatches

    /// The subprotocol that the server picked, which need not be one of those offered.
    public let negotiatedSubprotocol: String?

    private let lifetime: ConnectionLifetime
    private let outcome: SessionOutcome

    private var channel: any Channel { lifetime.channel }

    init(lifetime: ConnectionLifetime, subprotocol: String?, batches: WebSocketBatches, outcome: SessionOutcome) {
        self.lifetime = lifetime
        self.negotiatedSubprotocol = subprotocol
        self.batches = batches
        self.outcome = outcome
    }

    /// Connects, and returns when the server has switched protocols.
    ///
    /// Runs on the process-wide event loops unless a group is given. Throws `WebSocketError`. Cancelling the task gives the attempt up.
    public static func connect(
        _ configuration: WebSocketConfiguration,
        on group: (any EventLoopGroup)? = nil,
        logger: Logger = Logger(label: "websocket", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws -> WebSocket {
        let loop = (group ?? MultiThreadedEventLoopGroup.singleton).next()
        return try await Connector(configuration: configuration, eventLoop: loop, logger: logger).connect()
    }

    /// How the connection ended, or `nil` while it is open.
    public var closure: WebSocketClosure? { outcome.closure }

    /// Sends a text message and returns when it has been handed to the operating system.
    public func send(text: String) async throws {
        try await send(.text, ByteBuffer(string: text))
    }

    /// Sends a text message of bytes that the caller knows to be UTF-8.
    public func send(text bytes: [UInt8]) async throws {
        try await send(.text, ByteBuffer(bytes: bytes))
    }

    /// Sends a binary message.
    public func send(binary bytes: [UInt8]) async throws {
        try await send(.binary, ByteBuffer(bytes: bytes))
    }

    /// Puts a text message into the send queue, in the order of the calls, without waiting.
    ///
    /// For short commands: nothing holds back a caller that enqueues faster than the peer reads. What cannot be sent
    /// because the connection ended is dropped.
    public func enqueue(text bytes: [UInt8]) {
        channel.writeAndFlush(frame(.text, ByteBuffer(bytes: bytes)), promise: nil)
    }

    /// Says goodbye, waits a moment for the peer to say the same, and closes the connection.
    ///
    /// Codes that may not appear on the wire are sent as 1000, and a reason that does not fit is cut.
    public func close(code: UInt16 = 1000, reason: String = "") async {
        channel.triggerUserOutboundEvent(SessionCommand.close(code: code, reason: reason), promise: nil)
        try? await channel.closeFuture.get()
    }

    /// Says goodbye without waiting for what the peer says to it.
    ///
    /// The message goes out even when the last reference to the connection is dropped right after.
    public func startClose(code: UInt16 = 1000, reason: String = "") {
        channel.triggerUserOutboundEvent(SessionCommand.close(code: code, reason: reason), promise: nil)
    }

    /// Drops the connection at once, without any handshake. Safe to call twice.
    public func abort() {
        channel.triggerUserOutboundEvent(SessionCommand.abort, promise: nil)
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) async throws {
        if let closure {
            throw WebSocketError(.closed, "The connection is closed (\(closure)).", retryable: true)
        }
        do {
            try await channel.writeAndFlush(frame(opcode, payload)).get()
        } catch {
            throw WebSocketError(.closed, "The connection closed while a message was being sent.", retryable: true)
        }
    }

    private func frame(_ opcode: WebSocketOpcode, _ payload: ByteBuffer) -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: payload)
    }
}
