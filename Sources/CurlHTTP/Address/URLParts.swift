import CCurl

/// The origin of a URL, read by libcurl's own parser so that nothing is understood in two ways.
struct URLParts: Hashable, Sendable {
    let scheme: String
    /// Lower case; IPv6 literals in brackets, odd spellings of IPv4 literals made plain.
    let host: String
    let port: String

    /// `nil` unless this is an absolute http or https URL.
    init?(_ url: String) {
        guard let parts = Self.read(url, flags: 0), parts.scheme == "http" || parts.scheme == "https" else {
            return nil
        }
        self = parts
    }

    /// A proxy's URL, whose scheme may be left out.
    static func isProxy(_ url: String) -> Bool {
        let flags = UInt32(CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME)
        guard !url.utf8.contains(where: { $0 <= 0x20 }), let parts = read(url, flags: flags) else { return false }
        return ["http", "https", "socks4", "socks4a", "socks5", "socks5h"].contains(parts.scheme)
    }

    private init(scheme: String, host: String, port: String) {
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    private static func read(_ url: String, flags: UInt32) -> URLParts? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard curl_url_set(handle, CURLUPART_URL, url, flags) == CURLUE_OK else { return nil }
        func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
            var text: UnsafeMutablePointer<CChar>?
            guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
            defer { curl_free(text) }
            return String(cString: text)
        }
        guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST), !host.isEmpty else { return nil }
        return URLParts(
            scheme: scheme.lowercased(), host: host.lowercased(),
            port: part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)) ?? "")
    }
}
