internal import EventJSON

/// A label that an account defines.
public struct ChatwootLabel: Hashable, Sendable {
    public let id: Int
    /// The word that conversations carry.
    public let title: String
    public let description: String?
    public let color: String?
    public let isShownOnSidebar: Bool

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id, let title = element.text("title") else { return nil }
        self.id = id
        self.title = title
        description = element.filledText("description")
        color = element.filledText("color")
        isShownOnSidebar = element.flag("show_on_sidebar")
    }
}

/// A prepared answer.
public struct ChatwootCannedResponse: Hashable, Sendable {
    public let id: Int
    public let shortCode: String
    public let content: String

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        shortCode = element.text("short_code") ?? ""
        content = element.text("content") ?? ""
    }
}
