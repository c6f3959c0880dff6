internal import CurlHTTP

/// Which sessions to list. Without a status the finished ones are among them.
public struct TwinSessionQuery: Hashable, Sendable {
    public var sessionID: String?
    public var from: TwinTime?
    public var to: TwinTime?
    public var operatorID: String?
    public var operatorType: TwinWord?
    public var botStatus: TwinWord?
    public var status: TwinWord?
    public var name: String?
    public var chatID: String?
    public var isGroupedByClient: Bool?
    public var tags: [String]
    public var isClientBanned: Bool?
    public var isMarkedAsSpam: Bool?
    /// In name, phone, client id and session id.
    public var keyword: String?

    public init(
        operatorID: String? = nil, from: TwinTime? = nil, to: TwinTime? = nil, status: TwinWord? = nil,
        chatID: String? = nil, keyword: String? = nil
    ) {
        self.operatorID = operatorID
        self.from = from
        self.to = to
        self.status = status
        self.chatID = chatID
        self.keyword = keyword
        tags = []
    }

    var items: RequestQuery {
        var query: RequestQuery = [
            ("sessionId", sessionID), ("from", from?.text), ("to", to?.text), ("operatorId", operatorID),
            ("operatorType", operatorType?.rawValue), ("botStatus", botStatus?.rawValue), ("status", status?.rawValue),
            ("name", name), ("chatId", chatID),
        ]
        query.append("groupByClientId", isGroupedByClient.map { $0 ? "true" : "false" })
        query.append("tags", tags.isEmpty ? nil : tags.joined(separator: ","))
        query.append("clientBanned", isClientBanned.map { $0 ? "true" : "false" })
        query.append("markedAsSpam", isMarkedAsSpam.map { $0 ? "true" : "false" })
        query.append("keyword", keyword)
        return query
    }
}
