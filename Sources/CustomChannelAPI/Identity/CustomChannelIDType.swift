internal import Crypto

/// How a channel names its contacts, as it was chosen in the platform's dialog.
public enum CustomChannelIDType: String, Sendable, CaseIterable {
    /// E.164 with its plus. The platform may begin conversations.
    case phone
    /// 1 to 50 of `A-Z a-z 0-9 _ = + / @`. The customer must write first.
    case custom

    /// The id as it goes on the wire: a phone number loses spaces, hyphens, dots and brackets, and gets its plus.
    ///
    /// - Throws: `CustomChannelError.Code.invalid` for what no reading makes legal.
    public func normalized(_ id: String) throws(CustomChannelError) -> String {
        switch self {
        case .phone:
            let bare = id.filter { !$0.isWhitespace && !"-.()".contains($0) }
            let number = bare.hasPrefix("+") ? bare : "+" + bare
            let digits = number.utf8.dropFirst()
            guard (7...15).contains(digits.count), digits.first != UInt8(ascii: "0"),
                digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else {
                throw .malformed(
                    "contactId", id, "must be a phone number such as +60177872890: a plus and 7 to 15 digits")
            }
            return number
        case .custom:
            try FieldRule.text(id, "contactId", limit: CustomChannelLimits.id)
            guard let other = id.unicodeScalars.first(where: { !Self.isLegal($0) }) else { return id }
            throw .malformed(
                "contactId", id, "may hold letters A to Z, digits and _ = + / @ only, not '\(other)'")
        }
    }

    /// Whether the id can go on the wire as it is.
    public func allows(_ id: String) -> Bool {
        do throws(CustomChannelError) {
            return try normalized(id) == id
        } catch {
            return false
        }
    }

    private static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_", "=", "+", "/", "@": true
        default: false
        }
    }
}

/// A contact id made from a provider's own id, by the rule that every host follows.
public struct CustomChannelMapping: Hashable, Sendable {
    public enum Kind: Sendable {
        /// The id itself.
        case same
        /// Base64 of it, which can be read back.
        case encoded
        /// Base64 of the first 24 bytes of its SHA-256: whoever maps must keep the pair.
        case digest
    }

    /// 1 to 50 characters, legal for `CustomChannelIDType.custom`.
    public let contactID: String
    public let kind: Kind

    private static let longestEncoded = 37

    public init(_ providerID: String) {
        if CustomChannelIDType.custom.allows(providerID) {
            (contactID, kind) = (providerID, .same)
        } else if (1...Self.longestEncoded).contains(providerID.utf8.count) {
            (contactID, kind) = (Base64.encode(providerID.utf8), .encoded)
        } else {
            let digest = SHA256.hash(data: Array(providerID.utf8))
            (contactID, kind) = (Base64.encode(digest.prefix(24)), .digest)
        }
    }
}

/// Standard Base64 without padding.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var (held, bits) = (UInt32(0), 0)
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(held >> UInt32(bits)) & 63])
            }
        }
        if bits > 0 { text.append(alphabet[Int(held << UInt32(6 - bits)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }
}
