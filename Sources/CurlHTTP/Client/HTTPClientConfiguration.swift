/// How an `HTTPClient` connects. Fixed for the client's life.
public struct HTTPClientConfiguration: Sendable {
    /// Which proxy requests go through.
    public enum Proxy: Sendable {
        /// `https_proxy`, `http_proxy` (lower case only), `all_proxy` and `no_proxy`, or in capitals, read once when
        /// the client is made.
        case environment
        case none
        /// `http://`, `https://`, `socks5://` or `socks5h://`, with user and password if need be.
        case url(String)
    }

    /// A PEM file of certificate authorities that are trusted in addition to the system's.
    public var caFile: String?
    /// Off only against a server of your own: anyone on the path can then read and change all traffic.
    public var verifyTLS: Bool
    public var proxy: Proxy
    /// Few by default: servers of the Puma kind hold a thread for each connection.
    public var connectionsPerHost: Int
    public var totalConnections: Int
    /// How long an idle connection may be used again; below the usual 60 s of load balancers.
    public var idleConnectionLifetime: Duration
    public var userAgent: String
    /// Whether HTTP/2 is used where the server offers it (TLS only).
    public var http2: Bool
    /// Refuses connections to loopback, private, link-local, shared, multicast and reserved addresses, decided on the
    /// address that is connected to, so that no DNS answer and no redirect gets around it. Through a proxy, names are
    /// resolved by the proxy and are under its rules; literal addresses are still refused here.
    public var denyPrivateAddresses: Bool
    /// Host names or literal addresses exempt from `denyPrivateAddresses`, compared without regard to case.
    public var allowedPrivateHosts: Set<String>

    public init(
        caFile: String? = nil,
        verifyTLS: Bool = true,
        proxy: Proxy = .environment,
        connectionsPerHost: Int = 8,
        totalConnections: Int = 128,
        idleConnectionLifetime: Duration = .seconds(50),
        userAgent: String = "Moonwire",
        http2: Bool = true,
        denyPrivateAddresses: Bool = false,
        allowedPrivateHosts: Set<String> = []
    ) {
        self.caFile = caFile
        self.verifyTLS = verifyTLS
        self.proxy = proxy
        self.connectionsPerHost = connectionsPerHost
        self.totalConnections = totalConnections
        self.idleConnectionLifetime = idleConnectionLifetime
        self.userAgent = userAgent
        self.http2 = http2
        self.denyPrivateAddresses = denyPrivateAddresses
        self.allowedPrivateHosts = allowedPrivateHosts
    }
}
