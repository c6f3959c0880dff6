internal import EventJSON

/// Who a message comes from, as seen from the desk of the operators. The same for both roles.
public struct ChatwootDirection: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Written by the contact.
    public static let incoming = Self(rawValue: 0)
    /// Written by an operator, a bot, an automation.
    public static let outgoing = Self(rawValue: 1)
    /// A notice about status or assignment, for operators only.
    public static let activity = Self(rawValue: 2)
    /// A greeting, an out-of-office notice, a survey.
    public static let template = Self(rawValue: 3)

    private static let names = ["incoming", "outgoing", "activity", "template"]

    public var description: String {
        Self.names.indices.contains(rawValue) ? Self.names[rawValue] : String(rawValue)
    }

    /// Reads a number, or a name as webhooks write it.
    init?(_ element: JSONElement?) {
        guard let element else { return nil }
        if let number = element.int {
            self.init(rawValue: number)
        } else if let name = element.string, let number = Self.names.firstIndex(of: name) {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }
}
