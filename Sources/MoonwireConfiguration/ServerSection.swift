/// The host's web server: where platforms, providers and browsers reach it.
public struct ServerSection: Sendable {
    public struct Address: Sendable, Hashable, CustomStringConvertible {
        public var host: String
        public var port: Int

        public init(host: String, port: Int) {
            self.host = host
            self.port = port
        }

        public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    }

    /// Absolute paths of PEM files.
    public struct TLS: Sendable, Hashable {
        public var certificate: String
        public var key: String

        public init(certificate: String, key: String) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// How long a peer may take.
    public struct Timeouts: Sendable, Hashable {
        public var head: Duration = .seconds(10)
        public var body: Duration = .seconds(30)
        public var idle: Duration = .seconds(60)
        public var write: Duration = .seconds(30)
        /// At a shutdown, for requests that are being answered.
        public var drain: Duration = .seconds(10)

        public init() {}
    }

    public var listen = Address(host: "127.0.0.1", port: 8080)
    /// Where health and readiness are answered instead of on the public listener.
    public var privateListen: Address?
    /// How the world reaches the public listener, such as `https://bots.example.com`: without a slash at the end.
    public var publicURL: String?
    public var tls: TLS?
    /// The largest body in bytes, whatever a route allows; `nil` for the routes' own limits.
    public var bodyLimit: Int?
    /// All headers of a request, in bytes.
    public var headerLimit = 16 << 10
    public var connections = 1024
    /// Of one address; `nil` for a quarter of `connections`, but at least 16.
    public var connectionsPerAddress: Int?
    public var timeouts = Timeouts()
    /// Addresses, or blocks of them, whose `X-Forwarded-For` is believed.
    public var trustedProxies: [String] = []
    /// Where it stands in the configuration file.
    public var line: Int?

    public init() {}

    /// The address to paste into a platform's settings.
    ///
    /// - Parameter path: Begins with a slash.
    public func address(of path: String) -> String {
        (publicURL ?? (tls == nil ? "http" : "https") + "://\(listen)") + path
    }
}
