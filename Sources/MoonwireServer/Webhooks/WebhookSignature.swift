import Crypto
import Foundation
import Moonwire

/// Checks the HMAC of a request.
struct WebhookSignature {
    let terms: WebhookDeclaration.Signature
    let key: String

    /// What is wrong before the body is known, for the log of whoever calls; `nil` when nothing is.
    func complaint(_ head: InboundHead, now: Instant) -> String? {
        guard head.onlyValue(of: terms.header) != nil else { return "The signature is missing" }
        guard let timestamp = terms.timestamp else { return nil }
        guard let text = head.onlyValue(of: timestamp.header), let signed = Self.instant(text) else {
            return "The time of the signature is missing"
        }
        let age = signed < now ? now - signed : signed - now
        return age <= timestamp.tolerance ? nil : "The time of the signature is too far from now"
    }

    func isValid(_ request: InboundRequest) -> Bool {
        guard !key.isEmpty, let shown = request.head.onlyValue(of: terms.header), let digest = digest(shown) else {
            return false
        }
        let message = message(request)
        let symmetric = SymmetricKey(data: Array(key.utf8))
        let expected: [UInt8] =
            switch terms.algorithm {
            case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: symmetric))
            case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: symmetric))
            case .sha512: Array(HMAC<SHA512>.authenticationCode(for: message, using: symmetric))
            }
        return SecretComparison.matches(digest, expected)
    }

    /// The bytes that the header holds.
    private func digest(_ shown: String) -> [UInt8]? {
        guard shown.hasPrefix(terms.prefix) else { return nil }
        let text = shown.dropFirst(terms.prefix.count)
        switch terms.encoding {
        case .base64: return Data(base64Encoded: String(text)).map(Array.init)
        case .hex:
            let digits = Array(text.utf8)
            guard digits.count.isMultiple(of: 2), digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
                return nil
            }
            return stride(from: 0, to: digits.count, by: 2).compactMap { index in
                UInt8(String(decoding: digits[index..<(index + 2)], as: UTF8.self), radix: 16)
            }
        }
    }

    private func message(_ request: InboundRequest) -> [UInt8] {
        let time = terms.timestamp.flatMap { request.head.onlyValue(of: $0.header) } ?? ""
        var message: [UInt8] = []
        var rest = Substring(terms.signed)
        while let brace = rest.firstIndex(of: "{") {
            message += rest[..<brace].utf8
            rest = rest[brace...]
            if rest.hasPrefix("{body}") {
                message += request.body
                rest = rest.dropFirst("{body}".count)
            } else if rest.hasPrefix("{timestamp}") {
                message += time.utf8
                rest = rest.dropFirst("{timestamp}".count)
            } else {
                message += "{".utf8
                rest = rest.dropFirst()
            }
        }
        return message + rest.utf8
    }

    private static func instant(_ text: String) -> Instant? {
        guard let number = Int64(text), number > 0, number < 1 << 52 else { return nil }
        return Instant(milliseconds: number < 100_000_000_000 ? number * 1000 : number)
    }
}
