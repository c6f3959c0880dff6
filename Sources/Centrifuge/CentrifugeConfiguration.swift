public import WebSocketClient

/// Where a client connects to, who it is, and how patient it is.
public struct CentrifugeConfiguration: Sendable {
    /// The socket. An `http` or `https` URL is understood as `ws` or `wss`.
    public var socket: WebSocketConfiguration

    /// The first connection token, where the server wants one; else empty.
    public var token: String

    /// Answers a fresh connection token: before the first attempt when `token` is empty, and whenever one expires.
    ///
    /// `nil`, or a thrown `CentrifugeError.unauthorized`, makes the client give up. Any other error is tried again.
    /// The words of a thrown error are not repeated anywhere: they may hold a secret.
    public var tokenProvider: (@Sendable () async throws -> String?)?

    /// Answers the connect command's `data`, one JSON value, anew before every attempt: a token in it ages.
    ///
    /// A thrown `CentrifugeError.unauthorized` makes the client give up. Any other error is tried again.
    public var dataProvider: (@Sendable () async throws -> [UInt8])?

    /// The client's name for the server's metrics; cut to 16 letters.
    public var name: String

    /// The client's version for the server's metrics; cut to 64 letters.
    public var version: String

    /// What the server should treat like headers of a request. Newer servers only.
    public var headers: [String: String]

    /// Adds `cf_protocol_version=v2` to the URL, for servers whose default is version 1.
    public var forcesVersion2: Bool

    /// Where to continue in channels that the server subscribes, when they were read before this client was made.
    public var positions: [String: CentrifugePosition]

    /// The constants of liveness and retry.
    public var timing: CentrifugeTiming

    /// Measures time and sleeps.
    public var clock: any Clock<Duration>

    /// Answers a number from 0 up to but not including 1, for jitter.
    public var random: @Sendable () -> Double

    /// Events that may wait for the consumer. Above that the client closes the connection, and comes back when the
    /// consumer has caught up.
    public var maxWaitingEvents: Int

    /// Bytes of payload that may wait for the consumer.
    public var maxWaitingBytes: Int

    /// The largest command that the server takes, in bytes.
    public var maxCommandBytes: Int

    /// Creates a configuration.
    public init(
        socket: WebSocketConfiguration,
        token: String = "",
        tokenProvider: (@Sendable () async throws -> String?)? = nil,
        dataProvider: (@Sendable () async throws -> [UInt8])? = nil,
        name: String = "moonwire",
        version: String = "",
        headers: [String: String] = [:],
        forcesVersion2: Bool = false,
        positions: [String: CentrifugePosition] = [:],
        timing: CentrifugeTiming = CentrifugeTiming(),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        maxWaitingEvents: Int = 16_384,
        maxWaitingBytes: Int = 64 << 20,
        maxCommandBytes: Int = 65_536
    ) {
        self.socket = socket
        self.token = token
        self.tokenProvider = tokenProvider
        self.dataProvider = dataProvider
        self.name = name
        self.version = version
        self.headers = headers
        self.forcesVersion2 = forcesVersion2
        self.positions = positions
        self.timing = timing
        self.clock = clock
        self.random = random
        self.maxWaitingEvents = maxWaitingEvents
        self.maxWaitingBytes = maxWaitingBytes
        self.maxCommandBytes = maxCommandBytes
    }
}

extension CentrifugeConfiguration {
    /// The socket with the version in its URL, if that is wanted.
    var effectiveSocket: WebSocketConfiguration {
        guard forcesVersion2 else { return socket }
        var socket = socket
        let parts = socket.url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let base = parts.first.map(String.init) ?? ""
        socket.url = base + (base.contains("?") ? "&" : "?") + "cf_protocol_version=v2"
        return socket
    }
}
