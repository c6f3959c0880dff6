internal import CurlHTTP

/// Which conversations to list.
public struct ChatwootConversationQuery: Hashable, Sendable {
    /// Whose conversations.
    public struct Assignee: ChatwootWord {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let me = Self(rawValue: "me")
        public static let unassigned = Self(rawValue: "unassigned")
        public static let assigned = Self(rawValue: "assigned")
        public static let all = Self(rawValue: "all")
    }

    /// In which order.
    public struct Order: ChatwootWord {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let lastActivityDescending = Self(rawValue: "last_activity_at_desc")
        public static let lastActivityAscending = Self(rawValue: "last_activity_at_asc")
        public static let createdDescending = Self(rawValue: "created_at_desc")
        public static let createdAscending = Self(rawValue: "created_at_asc")
        public static let waitingSinceAscending = Self(rawValue: "waiting_since_asc")
        public static let priorityDescending = Self(rawValue: "priority_desc")
        public static let unread = Self(rawValue: "unread")
    }

    /// Nil lists every status. The platform's own default, `open`, must be asked for.
    public var status: ChatwootStatus?
    public var assignee: Assignee
    public var inboxID: Int?
    public var teamID: Int?
    public var labels: [String]
    public var sourceID: ChatwootSecret?
    public var text: String?
    /// `mention`, `participating` or `unattended`.
    public var conversationType: String?
    public var order: Order?

    public init(
        status: ChatwootStatus? = nil, assignee: Assignee = .all, inboxID: Int? = nil, teamID: Int? = nil,
        labels: [String] = [], sourceID: ChatwootSecret? = nil, text: String? = nil, conversationType: String? = nil,
        order: Order? = nil
    ) {
        self.status = status
        self.assignee = assignee
        self.inboxID = inboxID
        self.teamID = teamID
        self.labels = labels
        self.sourceID = sourceID
        self.text = text
        self.conversationType = conversationType
        self.order = order
    }

    var items: RequestQuery {
        var query: RequestQuery = [("status", status?.rawValue ?? "all"), ("assignee_type", assignee.rawValue)]
        query.append("inbox_id", inboxID)
        query.append("team_id", teamID)
        for label in labels { query.append("labels[]", label) }
        query.append("source_id", sourceID?.exposed)
        query.append("q", text)
        query.append("conversation_type", conversationType)
        query.append("sort_by", order?.rawValue)
        return query
    }
}
