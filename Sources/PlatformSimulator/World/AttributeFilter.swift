import Foundation

/// The filter grammar that conversations and contacts share.
struct AttributeFilter: Sendable {
    private struct Condition: Sendable {
        let key: String
        let comparison: String
        let values: [JSONValue]
        let joinsWithOr: Bool
    }

    private let conditions: [Condition]

    init(_ parameters: JSONObject) throws {
        guard let payload = parameters["payload"]?.array else { throw WorldError.missingParameter("payload") }
        conditions = try payload.map { item in
            guard let key = item["attribute_key"]?.string, let comparison = item["filter_operator"]?.string else {
                throw WorldError.invalid(message: "Invalid attribute key", attributes: [])
            }
            let values = item["values"]?.array ?? item["values"].map { [$0] } ?? []
            return Condition(
                key: key, comparison: comparison, values: values,
                joinsWithOr: item["query_operator"]?.string?.uppercased() == "OR")
        }
    }

    /// Whether a record passes; conditions are joined from left to right.
    func matches(at now: Date, _ value: (String) -> JSONValue?) -> Bool {
        var result = true
        var joinsWithOr = false
        for (index, condition) in conditions.enumerated() {
            let passes = Self.passes(condition, value(condition.key) ?? .null, now)
            if index == 0 { result = passes } else { result = joinsWithOr ? result || passes : result && passes }
            joinsWithOr = condition.joinsWithOr
        }
        return result
    }

    private static func passes(_ condition: Condition, _ value: JSONValue, _ now: Date) -> Bool {
        let own = (value.array ?? [value]).compactMap(\.castString).map { $0.lowercased() }
        let wanted = condition.values.compactMap(\.castString).map { $0.lowercased() }
        switch condition.comparison {
        case "equal_to": return wanted.contains("all") || own.contains { wanted.contains($0) }
        case "not_equal_to": return !own.contains { wanted.contains($0) }
        case "contains": return own.contains { text in wanted.contains { text.contains($0) } }
        case "does_not_contain": return !own.contains { text in wanted.contains { text.contains($0) } }
        case "is_present": return !value.isBlank
        case "is_not_present": return value.isBlank
        case "is_greater_than": return compare(own, wanted) { $0 > $1 }
        case "is_less_than": return compare(own, wanted) { $0 < $1 }
        case "days_before":
            guard let days = wanted.first.flatMap(Double.init), let time = own.first.flatMap(Double.init) else {
                return false
            }
            return time < now.timeIntervalSince1970 - days * 86_400
        default: return false
        }
    }

    private static func compare(_ own: [String], _ wanted: [String], _ order: (Double, Double) -> Bool) -> Bool {
        guard let left = own.first.flatMap(Double.init), let right = wanted.first.flatMap(Double.init) else {
            return false
        }
        return order(left, right)
    }
}

extension ChatwootWorld {
    func filterConversations(_ account: Int, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        let filter = try AttributeFilter(parameters)
        let inboxes = openInboxes(to: caller, in: account)
        let found = conversations.values.filter { conversation in
            conversation.accountID == account && inboxes.contains(conversation.inboxID)
                && filter.matches(at: now) { value($0, of: conversation) }
        }
        let page = max(1, parameters["page"]?.castInt ?? 1)
        let sorted = sort(found, by: "last_activity_at_desc")
            .dropFirst((page - 1) * Self.conversationsPerPage).prefix(Self.conversationsPerPage)
        return ["meta": counts(found, caller: caller), "payload": .array(sorted.map { operatorView($0) })]
    }

    func filterContacts(_ account: Int, _ parameters: JSONObject) throws -> JSONValue {
        let filter = try AttributeFilter(parameters)
        let found = contacts.values.filter { contact in
            contact.accountID == account && filter.matches(at: now) { value($0, of: contact) }
        }.sorted { $0.id < $1.id }
        let page = max(1, parameters["page"]?.castInt ?? 1)
        return [
            "meta": ["count": .int(found.count), "current_page": .int(page)],
            "payload": .array(found.dropFirst((page - 1) * 15).prefix(15).map { operatorView($0) }),
        ]
    }

    private func value(_ key: String, of conversation: Conversation) -> JSONValue? {
        switch key {
        case "status": .string(conversation.status.rawValue)
        case "inbox_id": .int(conversation.inboxID)
        case "assignee_id": .number(assignedUserID(conversation))
        case "team_id": .number(conversation.teamID)
        case "priority": .text(conversation.priority)
        case "display_id": .int(conversation.displayID)
        case "labels": .texts(conversation.labels)
        case "contact_id": .int(conversation.contactID)
        case "created_at": .int(conversation.createdAt.epochSeconds)
        case "last_activity_at": .int(conversation.lastActivityAt.epochSeconds)
        default: conversation.customAttributes[key] ?? conversation.additionalAttributes[key]
        }
    }

    private func value(_ key: String, of contact: Contact) -> JSONValue? {
        switch key {
        case "name": .string(contact.name)
        case "email": .text(contact.email)
        case "phone_number": .text(contact.phoneNumber)
        case "identifier": .text(contact.identifier)
        case "blocked": .bool(contact.isBlocked)
        case "created_at": .int(contact.createdAt.epochSeconds)
        case "last_activity_at": .number(contact.lastActivityAt?.epochSeconds)
        default: contact.customAttributes[key] ?? contact.additionalAttributes[key]
        }
    }
}
