/// A word whose set of values is not published: kept as it came, compared without regard to case.
public struct TwinWord: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let rawValue: String
    private let folded: String

    public init(_ rawValue: String) {
        self.rawValue = rawValue
        folded = rawValue.lowercased()
    }

    public init(stringLiteral value: String) {
        self.init(value)
    }

    public var description: String { rawValue }

    /// Author types.
    public static let bot = TwinWord("BOT")
    public static let `operator` = TwinWord("OPERATOR")
    public static let client = TwinWord("CLIENT")
}

extension TwinWord: Hashable {
    public static func == (one: TwinWord, other: TwinWord) -> Bool { one.folded == other.folded }
    public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}
