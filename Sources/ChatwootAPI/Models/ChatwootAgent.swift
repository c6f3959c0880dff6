internal import EventJSON

/// An operator's seat.
public struct ChatwootAgent: Hashable, Sendable {
    public let id: Int
    public let name: String
    /// The name that the operator wants to be called by.
    public let availableName: String?
    public let email: String?
    /// `agent`, `administrator`, or a role of the account's own.
    public let role: String?
    public let availability: ChatwootAvailability?
    /// Whether the operator counts as offline without signs of presence.
    public let goesOfflineByItself: Bool
    public let isConfirmed: Bool
    public let avatarURL: String?

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        name = element.text("name") ?? ""
        availableName = element.filledText("available_name")
        email = element.filledText("email")
        role = element.filledText("role")
        availability = element.word("availability_status")
        goesOfflineByItself = element["auto_offline"]?.bool ?? true
        isConfirmed = element.flag("confirmed")
        avatarURL = element.filledText("thumbnail")
    }
}
