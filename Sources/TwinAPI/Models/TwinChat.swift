internal import EventJSON

/// An entry point of a company, and what it allows.
public struct TwinChat: Hashable, Sendable {
    public let id: String
    public let name: String?
    public let botID: String?
    public let sessionTTL: Duration?
    /// An operator who is silent for longer loses the session: the slowest answer has to be faster.
    public let allowableOperatorIdleTime: Duration?
    public let operatorsBusyMessage: String?
    public let sessionReloadBotID: String?
    public let isSessionRatingRequired: Bool?
    /// The results that a session may be finished with; empty when it has none.
    public let results: [String]
    public let timerFirstAnswer: Duration?
    public let timerNextAnswers: Duration?
    public let eventCallbackURL: String?
    /// The chat as the platform sent it, secrets replaced.
    public let raw: [UInt8]

    init?(_ element: JSONElement) {
        guard let id = element.id("id") else { return nil }
        self.id = id
        name = element.filledText("name", nil)
        botID = element.id("botId", "bot_id")
        sessionTTL = element.duration("sessionTtl", "session_ttl")
        allowableOperatorIdleTime = element.duration("allowableOperatorIdleTime", "allowable_operator_idle_time")
        operatorsBusyMessage = element.filledText("operatorsBusyMessage", "operators_busy_message")
        sessionReloadBotID = element.id("sessionReloadBotId", "session_reload_bot_id")
        isSessionRatingRequired = element.flag("sessionRatingRequired", "session_rating_required")
        results = element.list("results") { $0.string ?? $0.filledText("name", "title") }
        timerFirstAnswer = element.duration("timerFirstAnswer", "timer_first_answer")
        timerNextAnswers = element.duration("timerNextAnswers", "timer_next_answers")
        eventCallbackURL = element.filledText("eventCallbackUrl", "event_callback_url")
        raw = element.redacted
    }
}
