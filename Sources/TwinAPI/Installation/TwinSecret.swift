/// Text that grants access: a password, a token, the data of a connect frame.
///
/// Prints `***` wherever it is printed. Ask for `exposed` only where the text goes on the wire or into a safe place.
public struct TwinSecret: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The text itself.
    public let exposed: String

    public init(_ exposed: String) {
        self.exposed = exposed
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension TwinSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
