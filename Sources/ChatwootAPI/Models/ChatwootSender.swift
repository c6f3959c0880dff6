public import EventJSON

/// Who wrote a message, types, or is assigned.
public struct ChatwootSender: Hashable, Sendable {
    /// What a sender is. Anything but a contact is on the side of the operators.
    public struct Kind: ChatwootWord {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let contact = Self(rawValue: "contact")
        public static let user = Self(rawValue: "user")
        public static let agentBot = Self(rawValue: "agent_bot")
        /// The platform's own AI.
        public static let assistant = Self(rawValue: "captain_assistant")
    }

    public let id: Int
    /// Nil where the platform does not say, as in webhooks for contacts.
    public let kind: Kind?
    public let name: String?
    /// The name that an operator wants to be called by.
    public let availableName: String?
    public let email: String?
    public let phoneNumber: String?
    /// The contact's identifier in the business behind the bot.
    public let identifier: String?
    public let availability: ChatwootAvailability?
    public let avatarURL: String?
    public let isBlocked: Bool
    public let customAttributes: JSONObject
    public let additionalAttributes: JSONObject

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        kind = element.word("type")
        name = element.text("name")
        availableName = element.filledText("available_name")
        email = element.filledText("email")
        phoneNumber = element.filledText("phone_number")
        identifier = element.filledText("identifier")
        availability = element.word("availability_status")
        avatarURL = element.filledText("thumbnail") ?? element.filledText("avatar_url")
        isBlocked = element.flag("blocked")
        customAttributes = element.tree("custom_attributes")
        additionalAttributes = element.tree("additional_attributes")
    }
}
