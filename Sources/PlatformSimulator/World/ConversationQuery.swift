import Foundation

/// The filters, order and page of a conversation list.
struct ConversationQuery: Sendable {
    var status: String
    var assigneeType: String?
    var inboxID: Int?
    var teamID: Int?
    var labels: [String]
    var sourceID: String?
    var text: String?
    var conversationType: String?
    var sortBy: String
    var page: Int
    var updatedWithin: Int?

    init(_ parameters: JSONObject) {
        func text(_ key: String) -> String? {
            guard let value = parameters[key]?.castString, !value.isEmpty else { return nil }
            return value
        }
        status = text("status") ?? "open"
        assigneeType = text("assignee_type")
        inboxID = parameters["inbox_id"]?.castInt
        teamID = parameters["team_id"]?.castInt
        labels = (parameters["labels"]?.array ?? []).compactMap(\.castString)
        sourceID = text("source_id")
        self.text = text("q")
        conversationType = text("conversation_type")
        sortBy = text("sort_by") ?? "last_activity_at_desc"
        page = max(1, parameters["page"]?.castInt ?? 1)
        updatedWithin = parameters["updated_within"]?.castInt
    }
}

extension ChatwootWorld {
    static let conversationsPerPage = 25

    func listConversations(_ account: Int, _ query: ConversationQuery, caller: Caller) -> JSONValue {
        let found = matching(account, query, caller: caller)
        let chosen = found.filter { matches($0, assigneeType: query.assigneeType, caller: caller) }
        let sorted = sort(chosen, by: query.sortBy)
        let page: [Conversation]
        if let seconds = query.updatedWithin {
            let since = now.addingTimeInterval(-Double(seconds))
            page = sorted.filter { $0.updatedAt >= since }
        } else {
            page = Array(
                sorted.dropFirst((query.page - 1) * Self.conversationsPerPage).prefix(Self.conversationsPerPage))
        }
        return ["data": ["meta": counts(found, caller: caller), "payload": .array(page.map { operatorView($0) })]]
    }

    func countConversations(_ account: Int, _ query: ConversationQuery, caller: Caller) -> JSONValue {
        ["meta": counts(matching(account, query, caller: caller), caller: caller)]
    }

    func counts(_ found: [Conversation], caller: Caller) -> JSONValue {
        func count(_ type: String) -> JSONValue {
            .int(found.count { matches($0, assigneeType: type, caller: caller) })
        }
        return [
            "mine_count": count("me"), "assigned_count": count("assigned"), "unassigned_count": count("unassigned"),
            "all_count": .int(found.count),
        ]
    }

    func sort(_ conversations: [Conversation], by order: String) -> [Conversation] {
        let rank = ["urgent": 4, "high": 3, "medium": 2, "low": 1]
        func key(_ conversation: Conversation) -> Double {
            if order.hasPrefix("created_at") { return conversation.createdAt.timeIntervalSince1970 }
            if order.hasPrefix("waiting_since") {
                return conversation.waitingSince?.timeIntervalSince1970 ?? .greatestFiniteMagnitude
            }
            if order.hasPrefix("priority") { return Double(conversation.priority.flatMap { rank[$0] } ?? 0) }
            if order == "unread" { return Double(conversation.unreadCount) }
            return conversation.lastActivityAt.timeIntervalSince1970
        }
        let isAscending = order.hasSuffix("_asc")
        return conversations.map { (key($0), $0) }.sorted { left, right in
            if left.0 != right.0 { return isAscending ? left.0 < right.0 : left.0 > right.0 }
            return isAscending ? left.1.displayID < right.1.displayID : left.1.displayID > right.1.displayID
        }.map(\.1)
    }

    private func matching(_ account: Int, _ query: ConversationQuery, caller: Caller) -> [Conversation] {
        let inboxes = openInboxes(to: caller, in: account)
        return conversations.values.filter { conversation in
            guard conversation.accountID == account, inboxes.contains(conversation.inboxID) else { return false }
            if query.status != "all", conversation.status.rawValue != query.status { return false }
            if let inbox = query.inboxID, conversation.inboxID != inbox { return false }
            if let team = query.teamID, conversation.teamID != team { return false }
            if !query.labels.isEmpty, Set(query.labels).isDisjoint(with: conversation.labels) { return false }
            if let source = query.sourceID, contactInboxes[conversation.contactInboxID]?.sourceID != source {
                return false
            }
            if query.conversationType == "unattended",
                conversation.firstReplyCreatedAt != nil, conversation.waitingSince == nil
            {
                return false
            }
            if query.conversationType == "participating" {
                guard let user = caller.userID, assignedUserID(conversation) == user else { return false }
            }
            if query.conversationType == "mention" { return false }
            if let text = query.text {
                return conversation.messageIDs.contains {
                    messages[$0]?.content?.localizedCaseInsensitiveContains(text) ?? false
                }
            }
            return true
        }
    }

    private func matches(_ conversation: Conversation, assigneeType: String?, caller: Caller) -> Bool {
        switch assigneeType {
        case "me": caller.userID != nil && assignedUserID(conversation) == caller.userID
        case "unassigned": conversation.assignee == nil
        case "assigned": conversation.assignee != nil
        default: true
        }
    }
}
