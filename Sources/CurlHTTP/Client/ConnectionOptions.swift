import CCurl

/// A client's configuration, checked and turned into what libcurl is told.
struct ConnectionOptions: Sendable {
    let trust: TrustStore
    let proxies: ProxySettings
    let policy: HostPolicy
    let connectionsPerHost: Int
    let totalConnections: Int
    let idleSeconds: Int
    let userAgent: String
    let http2: Bool

    init(_ configuration: HTTPClientConfiguration) throws(HTTPError) {
        trust = try TrustStore(caFile: configuration.caFile, verifies: configuration.verifyTLS)
        proxies = ProxySettings(configuration.proxy)
        guard proxies.areReadable else {
            throw HTTPError(
                .configuration, message: "The proxy's URL cannot be read.", retryable: false, mayHaveBeenSent: false)
        }
        guard configuration.userAgent.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else {
            throw HTTPError(
                .configuration, message: "The user agent contains control characters.", retryable: false,
                mayHaveBeenSent: false)
        }
        policy = HostPolicy(
            denyPrivateAddresses: configuration.denyPrivateAddresses, exempt: configuration.allowedPrivateHosts,
            proxies: proxies)
        connectionsPerHost = max(1, configuration.connectionsPerHost)
        totalConnections = max(1, configuration.totalConnections)
        idleSeconds = Int(clamping: max(1, configuration.idleConnectionLifetime.components.seconds))
        userAgent = configuration.userAgent
        http2 = configuration.http2
    }
}
