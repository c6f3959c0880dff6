/// How the host's web server listens, and what it puts up with.
public struct ServerSettings: Sendable {
    /// Where a listener stands.
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        public var host: String
        /// 0 for any free port.
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Paths of PEM files.
    public struct TLS: Sendable {
        /// The certificate, followed by those of its issuers.
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// What one request may bring.
    public struct Limits: Sendable {
        /// All headers of a request, in bytes.
        public var headerBytes = 16 << 10
        public var headerCount = 100
        /// The request's target, in bytes.
        public var targetBytes = 8 << 10
        /// Bodies, in bytes, whatever a route would allow; `nil` for no limit but the routes'.
        public var bodyBytes: Int?
        /// Connections at a time; further ones wait to be accepted. Fewer where the process may not open so many files.
        public var connections = 1024
        /// Connections of one address, or of one IPv6 network; further ones are closed. Trusted proxies may have any
        /// number. `nil` for a quarter of `connections`, but at least 16.
        public var connectionsPerAddress: Int?

        public init() {}

        var mostPerAddress: Int { connectionsPerAddress ?? max(connections / 4, 16) }
    }

    /// How long a peer may take.
    public struct Patience: Sendable {
        /// From the first byte of a request, or the beginning of the connection, to the end of its headers.
        public var head: Duration = .seconds(10)
        /// From the headers to the end of the body.
        public var body: Duration = .seconds(30)
        /// Between two requests.
        public var idle: Duration = .seconds(60)
        /// While nothing of an answer can be written.
        public var write: Duration = .seconds(30)
        /// For the peer to read an answer that came before the end of its request.
        public var linger: Duration = .seconds(2)
        /// At a shutdown, for requests that are being answered.
        public var drain: Duration = .seconds(10)

        public init() {}
    }

    /// Whom platforms, providers and browsers reach.
    public var listen: Address
    /// Whom only operators of the host reach; `nil` for none.
    public var privateListen: Address?
    public var tls: TLS?
    public var limits = Limits()
    public var patience = Patience()
    /// Proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: [AddressRange] = []

    public init(listen: Address) {
        self.listen = listen
    }
}
