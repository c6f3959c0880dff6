internal import EventJSON

/// A group of operators that conversations can be given to.
public struct ChatwootTeam: Hashable, Sendable {
    public let id: Int
    /// In lower case, as the platform keeps it.
    public let name: String
    public let description: String?
    public let allowsAutoAssign: Bool
    /// Whether the operator who asks belongs to it.
    public let isMember: Bool

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        name = element.text("name") ?? ""
        description = element.filledText("description")
        allowsAutoAssign = element.flag("allow_auto_assign")
        isMember = element.flag("is_member")
    }
}
