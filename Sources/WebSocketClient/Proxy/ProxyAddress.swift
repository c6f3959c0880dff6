/// An HTTP proxy that connections are tunnelled through.
struct ProxyAddress: Sendable, Hashable {
    var host: String
    var port: Int
    /// User and password in the form that `Proxy-Authorization` wants them. Never printed.
    var basicCredentials: String?

    init(parsing url: String) throws(WebSocketError) {
        var rest = Substring(url)
        if let scheme = url.range(ofASCII: "://") {
            guard url[..<scheme.lowerBound].lowercased() == "http" else {
                throw WebSocketError(.proxy, "Only http:// proxies are supported.", retryable: false)
            }
            rest = url[scheme.upperBound...]
        }
        rest = rest.prefix { $0 != "/" }
        if let at = rest.lastIndex(of: "@") {
            basicCredentials = base64(percentDecoded(rest[..<at]))
            rest = rest[rest.index(after: at)...]
        }
        do {
            (host, port) = try WebSocketURL.split(authority: rest, defaultPort: 8080)
        } catch {
            throw WebSocketError(.proxy, "The URL of the proxy cannot be used.", retryable: false)
        }
    }

    /// The proxy for a URL by the configuration, and by the environment where it asks for that.
    static func select(
        _ proxy: WebSocketConfiguration.Proxy, for url: WebSocketURL, environment: (String) -> String?
    ) throws(WebSocketError) -> ProxyAddress? {
        switch proxy {
        case .none: return nil
        case .url(let address): return try ProxyAddress(parsing: address)
        case .environment:
            // HTTP_PROXY in capitals can be set by a request to a CGI program, so only the small one counts.
            let names = (url.isSecure ? ["https_proxy", "HTTPS_PROXY"] : ["http_proxy"]) + ["all_proxy", "ALL_PROXY"]
            let setting = names.lazy.compactMap(environment).first { !$0.isEmpty }
            guard let setting, !isExempt(url, by: environment("no_proxy") ?? environment("NO_PROXY") ?? "") else {
                return nil
            }
            return try ProxyAddress(parsing: setting)
        }
    }

    /// Whether `NO_PROXY` names the host: `*`, the host itself, or a domain it is part of, each with or without port.
    static func isExempt(_ url: WebSocketURL, by list: String) -> Bool {
        let host = url.host.lowercased()
        return list.split(whereSeparator: { $0 == "," || $0 == " " }).contains { entry in
            if entry == "*" { return true }
            var name = entry.lowercased()
            if name.hasSuffix(":\(url.port)") { name.removeLast(":\(url.port)".count) }
            if name.hasPrefix("[") { name = String(name.dropFirst().prefix { $0 != "]" }) }
            while name.hasPrefix(".") || name.hasPrefix("*.") { name.removeFirst() }
            return !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }
}

private func percentDecoded(_ text: Substring) -> [UInt8] {
    var bytes = Array(text.utf8)[...]
    var decoded: [UInt8] = []
    while let byte = bytes.popFirst() {
        let digits = String(decoding: bytes.prefix(2), as: UTF8.self)
        if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
            decoded.append(value)
            bytes = bytes.dropFirst(2)
        } else {
            decoded.append(byte)
        }
    }
    return decoded
}

private func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let padded = Array(group) + Array(repeating: 0, count: 3 - group.count)
        let bits = padded.reduce(0) { $0 << 8 | Int($1) }
        for position in 0..<4 {
            text.append(position <= group.count ? alphabet[bits >> (18 - 6 * position) & 63] : "=")
        }
    }
    return text
}
