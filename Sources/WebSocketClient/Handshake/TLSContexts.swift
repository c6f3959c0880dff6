import NIOSSL
import Synchronization

/// Makes TLS contexts, and keeps the ordinary ones: loading the system's authorities takes tens of milliseconds.
enum TLSContexts {
    private static let ordinary = Mutex<[Bool: NIOSSLContext]>([:])

    static func context(for configuration: WebSocketConfiguration) throws(WebSocketError) -> NIOSSLContext {
        let verifies = configuration.verifyTLS
        if configuration.caFile == nil, let known = ordinary.withLock({ $0[verifies] }) { return known }
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.applicationProtocols = ["http/1.1"]
        if !verifies { tls.certificateVerification = .none }
        if let file = configuration.caFile {
            // Read here, because the library takes an unreadable file for one without authorities.
            guard let authorities = try? NIOSSLCertificate.fromPEMFile(file), !authorities.isEmpty else {
                throw WebSocketError(
                    .tls, "The file of trusted authorities \(file) cannot be read as PEM.", retryable: false)
            }
            tls.trustRoots = .certificates(authorities)
        }
        do {
            let context = try NIOSSLContext(configuration: tls)
            if configuration.caFile == nil { ordinary.withLock { $0[verifies] = context } }
            return context
        } catch {
            throw WebSocketError(.tls, "TLS cannot be set up on this machine.", retryable: false)
        }
    }

    /// The name for SNI and the check of the certificate, `nil` for addresses: those are checked by themselves.
    static func serverName(of host: String) -> String? {
        isAddress(host) ? nil : host
    }

    private static func isAddress(_ host: String) -> Bool {
        if host.contains(":") { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
