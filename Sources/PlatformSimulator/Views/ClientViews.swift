/// Objects as the public client API shows them.
extension ChatwootWorld {
    func clientView(_ inbox: Inbox) -> JSONValue {
        [
            "identifier": .string(inbox.identifier), "identity_validation_enabled": .bool(inbox.hmacMandatory),
            "name": .string(inbox.name), "timezone": "UTC", "working_hours": .array(workingHours),
            "working_hours_enabled": .bool(false), "csat_survey_enabled": .bool(inbox.csatSurveyEnabled),
            "greeting_enabled": .bool(inbox.greetingMessage != nil),
        ]
    }

    var workingHours: [JSONValue] {
        (0..<7).map { day in
            let isClosed = day == 0 || day == 6
            return [
                "day_of_week": .int(day), "closed_all_day": .bool(isClosed), "open_hour": isClosed ? nil : .int(9),
                "open_minutes": isClosed ? nil : .int(0), "close_hour": isClosed ? nil : .int(17),
                "close_minutes": isClosed ? nil : .int(0), "open_all_day": .bool(false),
            ]
        }
    }

    func sessionView(_ session: ContactInbox, _ contact: Contact) -> JSONValue {
        [
            "source_id": .string(session.sourceID), "pubsub_token": .string(session.pubsubToken),
            "id": .int(contact.id), "name": .string(contact.name), "email": .text(contact.email),
            "phone_number": .text(contact.phoneNumber),
        ]
    }

    /// The raw record, with no credential in it.
    func recordView(_ contact: Contact) -> JSONValue {
        [
            "id": .int(contact.id), "name": .string(contact.name), "email": .text(contact.email),
            "phone_number": .text(contact.phoneNumber), "account_id": .int(contact.accountID),
            "created_at": .string(contact.createdAt.iso8601), "updated_at": .string(contact.updatedAt.iso8601),
            "additional_attributes": .object(contact.additionalAttributes),
            "identifier": .text(contact.identifier), "custom_attributes": .object(contact.customAttributes),
            "last_activity_at": .text(contact.lastActivityAt?.iso8601), "contact_type": "visitor",
            "middle_name": "", "last_name": "", "location": "", "country_code": "",
            "blocked": .bool(contact.isBlocked), "company_id": nil, "label_list": .array([]),
        ]
    }

    func clientView(_ conversation: Conversation) -> JSONValue {
        let visible = conversation.messageIDs.compactMap { messages[$0] }.filter(\.isVisibleToContact)
        return [
            "id": .int(conversation.displayID), "uuid": .string(conversation.uuid),
            "inbox_id": .int(conversation.inboxID),
            "contact_last_seen_at": .int(conversation.contactLastSeenAt?.epochSeconds ?? 0),
            "status": .string(conversation.status.rawValue),
            "agent_last_seen_at": .int(conversation.agentLastSeenAt?.epochSeconds ?? 0),
            "messages": .array(visible.map { clientView($0) }),
            "contact": contacts[conversation.contactID].map { recordView($0) } ?? nil,
        ]
    }

    func clientView(_ message: Message) -> JSONValue {
        var view = JSONObject()
        view.add("id", .int(message.id))
        view.add("content", .text(message.content))
        view.add("message_type", .int(message.kind.rawValue))
        view.add("content_type", .string(message.contentType))
        view.add("content_attributes", .object(message.contentAttributes))
        view.add("created_at", .int(message.createdAt.epochSeconds))
        view.add("conversation_id", .int(message.conversation.displayID))
        if !message.attachments.isEmpty { view.add("attachments", attachmentsView(message)) }
        if let sender = senderView(message.author, account: message.conversation.accountID) {
            view.add("sender", sender)
        }
        return .object(view)
    }

    func surveyView(_ message: Message) -> JSONValue {
        let conversation = message.conversation
        let submitted = message.contentAttributes["submitted_values"]?["csat_survey_response"]
        return [
            "id": .int(message.id), "csat_survey_response": submitted ?? nil,
            "display_type": message.contentAttributes["display_type"] ?? "emoji",
            "content": .text(message.content), "inbox_avatar_url": "",
            "inbox_name": .text(inboxes[conversation.inboxID]?.name), "locale": "en",
            "conversation_id": .int(conversation.internalID), "created_at": .string(message.createdAt.iso8601),
        ]
    }
}
