internal import CurlHTTP

/// Text that grants access: a token, an inbox identifier, a source id.
///
/// Prints `***` wherever it is printed. Ask for `exposed` only where the text goes on the wire or into a safe place.
public struct ChatwootSecret: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text itself.
    public let exposed: String

    public init(_ exposed: String) {
        self.exposed = exposed
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension ChatwootSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension RequestPath.StringInterpolation {
    mutating func appendInterpolation(secret: ChatwootSecret) {
        appendInterpolation(secret: secret.exposed)
    }
}
