/// Which hosts a client may connect to.
struct HostPolicy: Sendable {
    /// How a request may reach its host.
    enum Route: Sendable {
        /// To whatever address the name resolves to.
        case open
        /// Directly, each address checked before it is connected to.
        case guarded
        /// Through the proxy only. The bypass list is ignored, as it would lead to an address that nobody checked.
        case proxied
    }

    enum Judgement {
        case route(Route)
        case forbidden
        case unreadable
    }

    static let refusal = "The host has a private address, and requests to private addresses are not allowed."

    let isActive: Bool
    private let exempt: Set<String>
    private let proxies: ProxySettings

    init(denyPrivateAddresses: Bool, exempt: Set<String>, proxies: ProxySettings) {
        isActive = denyPrivateAddresses
        self.exempt = Set(exempt.map { $0.lowercased() })
        self.proxies = proxies
    }

    func judge(url: String, isSecure: Bool) -> Judgement {
        guard isActive else { return .route(.open) }
        guard let parts = URLParts(url) else { return .unreadable }
        if isExempt(parts.host) { return .route(.open) }
        guard AddressPolicy.mayBePublic(host: parts.host) else { return .forbidden }
        // A proxy is the operator's choice and often has a private address itself.
        return .route(proxies.proxy(isSecure: isSecure) == nil ? .guarded : .proxied)
    }

    private func isExempt(_ host: String) -> Bool {
        exempt.contains(host) || (host.hasPrefix("[") && exempt.contains(String(host.dropFirst().dropLast())))
    }
}
