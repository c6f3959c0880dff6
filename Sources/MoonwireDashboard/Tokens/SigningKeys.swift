import Crypto
import Foundation

/// The keys that tokens are signed with. The first one signs; all of them are good, so that one can replace another
/// while tokens of both are about.
public struct SigningKeys: Sendable {
    public struct Key: Sendable {
        public let id: String
        let secret: SymmetricKey

        /// - Parameter secret: At least 16 bytes that nobody else knows.
        public init(id: String, secret: [UInt8]) {
            self.id = id
            // Whatever its length, what signs has 256 bits.
            self.secret = SymmetricKey(data: SHA256.hash(data: Array("moonwire dashboard".utf8) + secret))
        }

        public static func random(id: String) -> Key {
            Key(id: id, secret: SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
        }
    }

    private let keys: [Key]

    public init(_ first: Key, _ others: [Key] = []) {
        keys = [first] + others
    }

    var signing: Key { keys[0] }

    func key(_ id: String) -> Key? { keys.first { $0.id == id } }
}

/// Random texts that nobody guesses.
enum Randomness {
    /// - Parameter bytes: How many random bytes are in it.
    static func text(bytes: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// A code that a person can read out: no letter in it looks like another.
    static func spokenCode(length: Int) -> String {
        let letters = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).compactMap { _ in letters.randomElement(using: &generator) })
    }
}

/// Comparing secrets takes as long whether they differ early, late or not at all.
enum Secrecy {
    static func isEqual(_ one: String, _ other: String) -> Bool {
        // Digests have one length, and a key of this process' own makes them nothing that could be searched for.
        let (left, right) = (HMAC<SHA256>.authenticationCode(for: Data(one.utf8), using: key), Data(other.utf8))
        return HMAC<SHA256>.isValidAuthenticationCode(left, authenticating: right, using: key)
    }

    private static let key = SymmetricKey(size: .bits256)
}

/// Base64 for addresses and tokens, without padding.
enum Base64URL {
    static func encode(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }

    /// `nil` for what `encode` would not have written.
    static func decode(_ text: Substring) -> [UInt8]? {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") })
        else { return nil }
        var base64 = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let bytes = Data(base64Encoded: base64).map(Array.init), encode(bytes) == text else { return nil }
        return bytes
    }
}
