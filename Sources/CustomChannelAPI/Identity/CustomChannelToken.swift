internal import Crypto

/// A channel's API token, which is good for both directions.
///
/// Prints `***` wherever it is printed. Ask for `exposed` only where the text goes on the wire or into a safe place.
public struct CustomChannelToken: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text itself.
    public let exposed: String

    public init(_ exposed: String) {
        self.exposed = exposed
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension CustomChannelToken: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension CustomChannelToken {
    /// Whether a request's `Authorization` headers carry one of the tokens, as `Bearer <token>`.
    ///
    /// There must be exactly one header with exactly one token. The time it takes tells nothing of the tokens.
    public static func admits(authorization headers: [String], to tokens: [CustomChannelToken]) -> Bool {
        guard headers.count == 1, let words = headers.first?.split(whereSeparator: { $0 == " " || $0 == "\t" }),
            words.count == 2, words[0].lowercased() == "bearer"
        else { return false }
        let given = SHA256.hash(data: Array(words[1].utf8))
        var isAdmitted = false
        for token in tokens where !token.exposed.isEmpty {
            // Digests compare in constant time.
            let isSame = given == SHA256.hash(data: Array(token.exposed.utf8))
            isAdmitted = isSame || isAdmitted
        }
        return isAdmitted
    }
}
