import CCurl

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// libcurl's result, and what else is known, in one sentence.
struct TransferFailure {
    /// What is known beside the result.
    struct Facts {
        var progress = Transfer.Progress()
        var isSourceBroken = false
        var host: String?
        /// OpenSSL's `X509_V_ERR_*`, 0 for a certificate that is good but for another host.
        var verifyResult = 0
        var systemError: Int32 = 0
        /// Whether the connection was certainly one to a proxy.
        var usesProxy = false
        /// The status of a proxy's answer to CONNECT, 0 without one.
        var proxyStatus = 0
        var timeout = Duration.zero
        var connectTimeout = Duration.zero
    }

    let code: HTTPError.Code
    let message: String
    var isRetryable = false

    init(_ result: CURLcode, _ facts: Facts) {
        let host = facts.host.map { "the host \($0)" } ?? "the host"
        let isSent = facts.progress.attempts > 0
        switch result {
        case CURLE_URL_MALFORMAT,
            CURLE_UNSUPPORTED_PROTOCOL where !isSent:
            self.init(.badURL, "The URL is not an absolute http or https URL.")
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(.resolve, "The address of \(host) cannot be found.", retryable: true)
        case CURLE_COULDNT_CONNECT where facts.progress.isAddressRefused:
            self.init(.forbiddenAddress, HostPolicy.refusal)
        case CURLE_COULDNT_CONNECT where facts.usesProxy:
            self.init(.proxy, "No connection to the proxy.", retryable: true)
        case CURLE_COULDNT_CONNECT:
            let reason = facts.systemError == 0 ? "" : ": " + String(cString: strerror(facts.systemError)).lowercased()
            self.init(.connect, "No connection to \(host)\(reason).", retryable: true)
        case CURLE_COULDNT_RESOLVE_PROXY:
            self.init(.proxy, "The address of the proxy cannot be found.", retryable: true)
        case CURLE_PROXY:
            self.init(.proxy, "The proxy does not connect to \(host).", retryable: true)
        case CURLE_RECV_ERROR where !isSent && facts.proxyStatus >= 300:
            self.init(
                .proxy, "The proxy answers with status \(facts.proxyStatus) and does not connect to \(host).",
                retryable: facts.proxyStatus >= 500)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            self.init(.certificate, "The TLS certificate of \(host) \(Self.certificateFault(facts.verifyResult)).")
        case CURLE_SSL_CONNECT_ERROR:
            self.init(.tls, "The TLS handshake with \(host) failed.", retryable: true)
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CRL_BADFILE, CURLE_SSL_CLIENTCERT,
            CURLE_USE_SSL_FAILED, CURLE_SSL_SHUTDOWN_FAILED:
            self.init(.tls, "TLS cannot be set up on this machine for \(host).")
        case CURLE_OPERATION_TIMEDOUT where isSent:
            self.init(.timeout, "No complete answer within \(Self.text(facts.timeout)).", retryable: true)
        case CURLE_OPERATION_TIMEDOUT:
            self.init(
                .timeout, "No connection to \(host) within \(Self.text(min(facts.connectTimeout, facts.timeout))).",
                retryable: true)
        case CURLE_FILESIZE_EXCEEDED,
            CURLE_WRITE_ERROR where facts.progress.isBodyTooLarge:
            self.init(.tooLarge, "The answer is larger than the request allows.")
        case CURLE_WRITE_ERROR where facts.progress.isHeadTooLarge:
            self.init(.tooLarge, "The headers of the answer are too large.")
        case CURLE_ABORTED_BY_CALLBACK where facts.isSourceBroken, CURLE_READ_ERROR where facts.isSourceBroken:
            self.init(.file, "A file to upload became shorter or unreadable while it was sent.")
        case CURLE_ABORTED_BY_CALLBACK, CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND, CURLE_READ_ERROR:
            self.init(.aborted, "The connection was closed before the answer came.", retryable: true)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR:
            self.init(
                isSent ? .aborted : .connect,
                isSent ? "The connection broke before the answer was complete." : "No connection to \(host).",
                retryable: true)
        case CURLE_PARTIAL_FILE:
            self.init(.aborted, "The answer broke off before its end.", retryable: true)
        case CURLE_HTTP2, CURLE_HTTP2_STREAM, CURLE_HTTP3:
            self.init(.protocolError, "The server broke off the HTTP/2 exchange.", retryable: true)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            self.init(.protocolError, "The answer is not valid HTTP.")
        default:
            self.init(.internal, "libcurl failed with code \(result.rawValue).")
        }
    }

    private init(_ code: HTTPError.Code, _ message: String, retryable: Bool = false) {
        self.code = code
        self.message = message
        isRetryable = retryable
    }

    /// OpenSSL's numbers, which are part of its stable interface.
    private static func certificateFault(_ verifyResult: Int) -> String {
        switch verifyResult {
        // 1 is libcurl's value while nothing has failed: it compares host names by itself.
        case 0, 1, 62, 64: "is for another host"
        case 9: "is not valid yet"
        case 10: "has expired"
        case 18: "is self-signed and not trusted"
        case 19: "leads to an authority that is not trusted (self-signed in its chain)"
        case 2, 20, 21, 27: "is from an authority that is not trusted"
        case 23: "has been revoked"
        default: "is not accepted (verification code \(verifyResult))"
        }
    }

    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        guard attoseconds == 0 || seconds >= 60 else {
            return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms"
        }
        return "\(seconds) s"
    }
}

extension Transfer {
    /// The error of the hop that has just ended.
    func failure(_ result: CURLcode, of exchange: Exchange) -> TransferFailure {
        var facts = TransferFailure.Facts()
        facts.progress = progress
        facts.isSourceBroken = exchange.prepared.isSourceBroken
        facts.host = URLParts(exchange.prepared.url)?.host
        facts.verifyResult = ccurl_get_long(easy, CURLINFO_SSL_VERIFYRESULT)
        facts.systemError = Int32(clamping: ccurl_get_long(easy, CURLINFO_OS_ERRNO))
        facts.usesProxy =
            options.proxies.proxy(isSecure: exchange.prepared.isSecure) != nil
            && (options.proxies.bypass.isEmpty || exchange.prepared.route == .proxied)
        facts.proxyStatus = ccurl_get_long(easy, CURLINFO_HTTP_CONNECTCODE)
        facts.timeout = exchange.request.timeout
        facts.connectTimeout = exchange.request.connectTimeout
        return TransferFailure(result, facts)
    }
}

extension PreparedRequest {
    fileprivate var isSourceBroken: Bool {
        switch body {
        case .none, .bytes: false
        case .source(let source): source.isBroken
        case .parts(let parts): parts.contains { $0.source.isBroken }
        }
    }
}
