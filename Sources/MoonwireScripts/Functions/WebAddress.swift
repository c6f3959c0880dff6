/// Checks and completes the addresses that scripts give.
enum WebAddress {
    /// What is wrong with an address; nil when it is an absolute http or https address with a host.
    static func problem(_ address: String) -> String? {
        guard let colon = address.firstIndex(of: ":") else { return "must be an http or https address" }
        let scheme = address[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else {
            return "must be an http or https address, not \(scheme.prefix(20)):"
        }
        let rest = address[address.index(after: colon)...]
        guard rest.hasPrefix("//") else { return "must be an http or https address" }
        let authority = rest.dropFirst(2).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.isEmpty || authority.hasPrefix(":") { return "has no host" }
        if authority.contains("@") { return "must not hold a user name or password; use auth" }
        let isClean = address.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3C && $0 != 0x3E && $0 != 0x5C
        }
        return isClean ? nil : "holds characters that must be escaped; give parameters in query"
    }

    /// The address with parameters added, in the order of their names.
    static func adding(_ query: [(name: String, value: String)], to address: String) -> String {
        guard !query.isEmpty else { return address }
        let parts = address.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let start = parts.first.map(String.init) ?? address
        return start + (start.contains("?") ? "&" : "?") + form(query)
    }

    /// Parameters as a form spells them.
    static func form(_ fields: [(name: String, value: String)]) -> String {
        fields.map { escape($0.name) + "=" + escape($0.value) }.joined(separator: "&")
    }

    private static func escape(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
