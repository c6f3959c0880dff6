/// The parts of a `ws` or `wss` URL that a connection needs.
struct WebSocketURL: Sendable, Hashable {
    /// Whether the connection is encrypted.
    var isSecure: Bool
    /// Name or address, without the brackets of an IPv6 literal.
    var host: String
    /// The port, from the URL or the scheme's own.
    var port: Int
    /// Path and query, as sent in the request line.
    var target: String
    /// The query alone: it may hold credentials and is kept out of all output.
    var query: String?

    /// Takes a URL apart. `http` and `https` are accepted for `ws` and `wss`.
    init(parsing url: String) throws(WebSocketError) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Self.bad("it holds a space, a control character or a letter outside ASCII")
        }
        guard let schemeEnd = url.range(ofASCII: "://") else {
            throw Self.bad("it does not begin with ws:// or wss://")
        }
        switch url[..<schemeEnd.lowerBound].lowercased() {
        case "ws", "http": isSecure = false
        case "wss", "https": isSecure = true
        default: throw Self.bad("it does not begin with ws:// or wss://")
        }
        let rest = url[schemeEnd.upperBound...].prefix { $0 != "#" }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.contains("@") else {
            throw Self.bad("it holds a user name; credentials belong in headers")
        }
        (host, port) = try Self.split(authority: authority, defaultPort: isSecure ? 443 : 80)
        let path = rest[authority.endIndex...]
        target = path.hasPrefix("/") ? String(path) : "/" + path
        query = path.firstIndex(of: "?").map { String(path[path.index(after: $0)...]) }
    }

    /// The value of the `Host` header.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// The origin that a browser on the same site would send.
    var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// Scheme, host and path: what may be printed.
    var display: String {
        (isSecure ? "wss://" : "ws://") + authority + target.prefix { $0 != "?" }
    }

    /// Splits `host:port`, `[v6]:port` or a bare host.
    static func split(authority: Substring, defaultPort: Int) throws(WebSocketError) -> (String, Int) {
        var name = authority
        var port = defaultPort
        let portStart =
            authority.hasPrefix("[")
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) } : authority.firstIndex(of: ":")
        if let portStart, portStart < authority.endIndex {
            name = authority[..<portStart]
            let digits = authority[portStart...].dropFirst()
            guard authority[portStart] == ":", let number = UInt16(digits), number > 0 else {
                throw bad("its port is not a number from 1 to 65535")
            }
            port = Int(number)
        }
        if name.hasPrefix("[") {
            guard name.hasSuffix("]") else { throw bad("its IPv6 address is not closed by a bracket") }
            name = name.dropFirst().dropLast()
        }
        guard !name.isEmpty else { throw bad("it has no host") }
        return (String(name), port)
    }

    private static func bad(_ why: String) -> WebSocketError {
        WebSocketError(.badURL, "The URL of the socket cannot be used: \(why).", retryable: false)
    }
}

extension StringProtocol {
    /// The first occurrence of a short ASCII text.
    func range(ofASCII needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) {
                return start..<index(start, offsetBy: needle.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
