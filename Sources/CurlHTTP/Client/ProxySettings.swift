#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The proxies a client uses, settled when it is made: libcurl would read the environment again for each request,
/// which is not safe beside a `setenv` on another thread.
struct ProxySettings: Sendable {
    let plain: String?
    let secure: String?
    /// Host names that are reached directly, in the form of `no_proxy`.
    let bypass: String

    init(_ choice: HTTPClientConfiguration.Proxy, environment: (String) -> String? = Self.processEnvironment) {
        switch choice {
        case .none:
            plain = nil
            secure = nil
            bypass = ""
        case .url(let url):
            plain = url
            secure = url
            bypass = ""
        case .environment:
            func first(_ names: String...) -> String? {
                names.lazy.compactMap(environment).first { !$0.isEmpty }
            }
            let all = first("all_proxy", "ALL_PROXY")
            // HTTP_PROXY in capitals can be set by anyone who sends a request header to a CGI program.
            plain = first("http_proxy") ?? all
            secure = first("https_proxy", "HTTPS_PROXY") ?? all
            bypass = first("no_proxy", "NO_PROXY") ?? ""
        }
    }

    func proxy(isSecure: Bool) -> String? {
        isSecure ? secure : plain
    }

    var areReadable: Bool {
        [plain, secure].allSatisfy { $0.map(URLParts.isProxy) ?? true }
    }

    static func processEnvironment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
