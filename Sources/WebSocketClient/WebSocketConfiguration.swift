/// Where a WebSocket connects to, what it says in the handshake, and the limits it keeps.
public struct WebSocketConfiguration: Sendable {
    /// Which proxy a connection goes through.
    public enum Proxy: Sendable, Hashable {
        /// Straight to the server.
        case none
        /// `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY`, except for the hosts of `NO_PROXY`.
        case environment
        /// An `http://` proxy that understands `CONNECT`; credentials may be part of the URL.
        case url(String)
    }

    /// Absolute `ws` or `wss` URL. Its query and credentials never appear in errors or logs.
    public var url: String

    /// Extra headers of the upgrade request, such as `Origin`. Values are never printed.
    public var headers: [(String, String)]

    /// Subprotocols to offer, best first. A server that picks none, or one of its own, is tolerated.
    public var subprotocols: [String]

    /// Time for resolving, connecting, TLS and upgrade together.
    public var connectTimeout: Duration

    /// How often to send a ping while the connection is open; `nil` sends none.
    public var pingInterval: Duration?

    /// Silence after which the connection is given up; `nil` waits for ever.
    ///
    /// Time in which the consumer's own slowness stopped the reading does not count.
    public var idleTimeout: Duration?

    /// Largest frame accepted, in bytes.
    public var maxFrameSize: Int

    /// Largest message accepted, in bytes, all its fragments together.
    public var maxMessageSize: Int

    /// PEM file with the authorities to trust instead of the system's.
    public var caFile: String?

    /// Whether the server's certificate is checked. Off is for laboratories.
    public var verifyTLS: Bool

    /// Which proxy to go through.
    public var proxy: Proxy

    /// Who sees what passes, for recordings; `nil` for nobody.
    public var tap: WebSocketTap?

    /// Creates a configuration with the defaults of a well-behaved client.
    public init(
        url: String,
        headers: [(String, String)] = [],
        subprotocols: [String] = [],
        connectTimeout: Duration = .seconds(10),
        pingInterval: Duration? = nil,
        idleTimeout: Duration? = nil,
        maxFrameSize: Int = 4 << 20,
        maxMessageSize: Int = 8 << 20,
        caFile: String? = nil,
        verifyTLS: Bool = true,
        proxy: Proxy = .environment,
        tap: WebSocketTap? = nil
    ) {
        self.url = url
        self.headers = headers
        self.subprotocols = subprotocols
        self.connectTimeout = connectTimeout
        self.pingInterval = pingInterval
        self.idleTimeout = idleTimeout
        self.maxFrameSize = maxFrameSize
        self.maxMessageSize = maxMessageSize
        self.caFile = caFile
        self.verifyTLS = verifyTLS
        self.proxy = proxy
        self.tap = tap
    }
}
