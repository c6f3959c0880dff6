import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes one clear sentence of whatever can go wrong underneath.
enum ConnectFailure {
    /// Resolving or connecting failed.
    static func connecting(_ error: any Error, host: String, port: Int, isProxy: Bool) -> WebSocketError {
        let peer = isProxy ? "the proxy \(host):\(port)" : "\(host):\(port)"
        switch error {
        case let error as WebSocketError:
            return error
        case let error as NIOConnectionError:
            if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
                let who = isProxy ? "the proxy \(host)" : host
                return WebSocketError(.resolve, "The name of \(who) could not be resolved.", retryable: true)
            }
            guard let first = error.connectionErrors.first else { break }
            return connecting(first.error, host: host, port: port, isProxy: isProxy)
        case ChannelError.connectTimeout:
            return WebSocketError(.timeout, "\(peer) did not answer in time.".sentence, retryable: true)
        case let error as IOError:
            let why = String(cString: strerror(error.errnoCode)).lowercased()
            return WebSocketError(.connect, "\(peer) cannot be reached: \(why).".sentence, retryable: true)
        default: break
        }
        return WebSocketError(.connect, "\(peer) cannot be reached.".sentence, retryable: true)
    }

    /// The TLS or HTTP handshake failed.
    static func handshake(_ error: any Error, host: String, certificate: NIOSSLCertificate?) -> WebSocketError {
        switch error {
        case let error as WebSocketError:
            return error
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return self.certificate("is not for this host", host)
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            return self.certificate("is missing or cannot be checked", host)
        case NIOSSLError.handshakeFailed(let reason) where "\(reason)".contains("CERTIFICATE_VERIFY_FAILED"):
            return self.certificate(certificate.map(blame) ?? "was not accepted", host)
        case NIOSSLError.handshakeFailed(let reason) where "\(reason)".contains("WRONG_VERSION_NUMBER"):
            return WebSocketError(
                .tls, "\(host) does not speak TLS on this port; is it ws:// instead of wss://?", retryable: false)
        case is NIOSSLError, is BoringSSLError:
            return WebSocketError(.tls, "The TLS handshake with \(host) failed.", retryable: true)
        case is HTTPParserError:
            return WebSocketError(.protocolViolation, "\(host) does not answer in HTTP.", retryable: false)
        default:
            return ended(by: error)
        }
    }

    /// The connection broke after it had been made.
    static func ended(by error: any Error) -> WebSocketError {
        switch error {
        case let error as WebSocketError:
            return error
        case let error as IOError:
            let why = String(cString: strerror(error.errnoCode)).lowercased()
            return WebSocketError(.closed, "The connection broke: \(why).", retryable: true)
        case NIOSSLError.uncleanShutdown:
            return WebSocketError(.closed, "The connection ended without a farewell.", retryable: true)
        default:
            return WebSocketError(.closed, "The connection broke.", retryable: true)
        }
    }

    /// The server answered with something else than 101.
    static func refused(_ head: HTTPResponseHead, body: [UInt8], host: String, hiding query: String?) -> WebSocketError
    {
        let status = Int(head.status.code)
        let text = printable(body)
        // Some servers quote the address in their error pages.
        let isQuoted = query.map { !$0.isEmpty && text.range(ofASCII: $0) != nil } ?? false
        let prefix = isQuoted || text.isEmpty ? nil : text
        var message = "\(host) refused the upgrade to a WebSocket with HTTP \(status)"
        message += prefix.map { " (\($0))." } ?? "."
        return WebSocketError(
            .refused, message, retryable: status == 408 || status == 429 || status >= 500, httpStatus: status,
            bodyPrefix: prefix,
            retryAfter: head.headers.first(name: "retry-after").flatMap { UInt32($0) }.map { .seconds($0) })
    }

    private static func certificate(_ fault: String, _ host: String) -> WebSocketError {
        WebSocketError(.certificate, "The certificate of \(host) \(fault).", retryable: false)
    }

    /// What is wrong with a certificate that the library refused.
    private static func blame(_ certificate: NIOSSLCertificate) -> String {
        let now = time(nil)
        if certificate.notValidAfter < now { return "has expired" }
        if certificate.notValidBefore > now { return "is not valid yet" }
        return "is not signed by an authority that is trusted here"
    }

    /// The first words of a body, without anything that could upset a terminal.
    private static func printable(_ bytes: [UInt8]) -> String {
        var words: [Substring] = []
        var length = 0
        for word in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace) where length < 160 {
            let clean = word.filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } }
            words.append(clean.prefix(160 - length))
            length += words[words.count - 1].count + 1
        }
        return words.joined(separator: " ")
    }
}

extension String {
    /// The text with a capital letter where it begins with our own "the"; a host's name stays as it is.
    fileprivate var sentence: String {
        hasPrefix("the ") ? "T" + dropFirst() : self
    }
}
