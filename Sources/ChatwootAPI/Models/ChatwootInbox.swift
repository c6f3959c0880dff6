internal import EventJSON

/// One configured channel of an account.
public struct ChatwootInbox: Hashable, Sendable {
    /// Nil in the client API.
    public let id: Int?
    public let name: String
    /// Such as `Channel::Api`; nil in the client API.
    public let channelType: String?
    /// Opens the client API. Nil for channels that have none.
    public let identifier: ChatwootSecret?
    public let webhookURL: String?
    /// Whether the client API refuses contacts without an identity hash.
    public let requiresIdentityHash: Bool
    /// Makes identity hashes. Administrators only.
    public let hmacToken: ChatwootSecret?
    /// Signs the inbox's webhooks. Administrators only.
    public let webhookSecret: ChatwootSecret?
    public let locksToSingleConversation: Bool
    public let isGreetingEnabled: Bool
    public let greetingMessage: String?
    public let isSurveyEnabled: Bool
    public let timezone: String?
    public let hasWorkingHours: Bool
    public let workingHours: [ChatwootWorkingHours]

    init?(_ element: JSONElement) {
        guard element.isObject, element["name"] != nil || element["id"] != nil else { return nil }
        id = element["id"]?.id
        name = element.text("name") ?? ""
        channelType = element.filledText("channel_type")
        identifier =
            element.secret("inbox_identifier") ?? element.secret("channel_identifier") ?? element.secret("identifier")
        webhookURL = element.filledText("webhook_url")
        requiresIdentityHash = element.flag("identity_validation_enabled") || element.flag("hmac_mandatory")
        hmacToken = element.secret("hmac_token")
        webhookSecret = element.secret("secret")
        locksToSingleConversation = element.flag("lock_to_single_conversation")
        isGreetingEnabled = element.flag("greeting_enabled")
        greetingMessage = element.filledText("greeting_message")
        isSurveyEnabled = element.flag("csat_survey_enabled")
        timezone = element.filledText("timezone")
        hasWorkingHours = element.flag("working_hours_enabled")
        workingHours = element.list("working_hours") { ChatwootWorkingHours($0) }
    }
}

/// When an inbox is staffed on one day of the week.
public struct ChatwootWorkingHours: Hashable, Sendable {
    /// 0 is Sunday.
    public let dayOfWeek: Int
    public let isClosedAllDay: Bool
    public let isOpenAllDay: Bool
    /// Minutes after midnight; nil when closed.
    public let opensAt: Int?
    public let closesAt: Int?

    init?(_ element: JSONElement) {
        guard let day = element["day_of_week"]?.int else { return nil }
        dayOfWeek = day
        isClosedAllDay = element.flag("closed_all_day")
        isOpenAllDay = element.flag("open_all_day")
        opensAt = Self.minutes(element["open_hour"]?.int, element["open_minutes"]?.int)
        closesAt = Self.minutes(element["close_hour"]?.int, element["close_minutes"]?.int)
    }

    private static func minutes(_ hour: Int?, _ minute: Int?) -> Int? {
        guard let hour, (0...24).contains(hour) else { return nil }
        return hour * 60 + max(0, min(minute ?? 0, 59))
    }
}
