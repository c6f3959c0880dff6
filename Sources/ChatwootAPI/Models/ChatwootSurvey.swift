internal import EventJSON

/// A satisfaction survey after a conversation.
public struct ChatwootSurvey: Hashable, Sendable {
    /// The id of the message that asks.
    public let messageID: Int
    public let rating: Int?
    public let feedback: String?
    /// `emoji` or `star`.
    public let displayType: String?
    public let content: String?
    public let inboxName: String?
    public let locale: String?
    public let createdAt: ChatwootTime?

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        let response = element["csat_survey_response"]
        messageID = id
        rating = response?["rating"]?.int
        feedback = response?.filledText("feedback_message")
        displayType = element.filledText("display_type")
        content = element.text("content")
        inboxName = element.text("inbox_name")
        locale = element.filledText("locale")
        createdAt = element.time("created_at")
    }
}
