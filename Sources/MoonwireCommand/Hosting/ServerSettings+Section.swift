import MoonwireConfiguration
import MoonwireServer

extension ServerSettings {
    /// - Throws: `HostError` for what only the server can judge.
    init(_ section: ServerSection) throws(HostError) {
        self.init(listen: Address(host: section.listen.host, port: section.listen.port))
        privateListen = section.privateListen.map { Address(host: $0.host, port: $0.port) }
        tls = section.tls.map { TLS(certificate: $0.certificate, key: $0.key) }
        limits.bodyBytes = section.bodyLimit
        limits.headerBytes = section.headerLimit
        limits.connections = section.connections
        limits.connectionsPerAddress = section.connectionsPerAddress
        patience.head = section.timeouts.head
        patience.body = section.timeouts.body
        patience.idle = section.timeouts.idle
        patience.write = section.timeouts.write
        patience.drain = section.timeouts.drain
        for text in section.trustedProxies {
            guard let range = AddressRange(text) else {
                throw HostError(
                    "server.trusted_proxies: '\(text)' is no address and no block such as 10.0.0.0/8",
                    isWrongInput: true)
            }
            trustedProxies.append(range)
        }
    }
}
