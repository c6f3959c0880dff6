import Foundation

/// Which session a request of the public client API speaks for.
struct SessionPath: Sendable {
    let inbox: String
    let source: String
}

/// Conversations and messages of the public client API: V1 to V6 and M1 to M3.
extension ChatwootWorld {
    func createConversation(_ path: SessionPath, _ parameters: JSONObject) throws -> JSONValue {
        let inbox = try inbox(path.inbox)
        let session = try session(inbox, path.source)
        if inbox.locksToSingleConversation, let last = conversationsByContactInbox[session.id]?.last {
            return clientView(last)
        }
        let conversation = try createConversation(on: session, by: .contact(session.contactID)) { conversation in
            conversation.customAttributes = parameters["custom_attributes"]?.object ?? [:]
        }
        return clientView(conversation)
    }

    func listConversations(_ path: SessionPath) throws -> JSONValue {
        .array(try visibleConversations(path).map { clientView($0) })
    }

    func showConversation(_ path: SessionPath, _ id: Int?) throws -> JSONValue {
        clientView(try visibleConversation(path, id))
    }

    func resolveByClient(_ path: SessionPath, _ id: Int?) throws -> JSONValue {
        let conversation = try visibleConversation(path, id)
        if conversation.status != .resolved {
            setStatus(.resolved, of: conversation, by: .contact(conversation.contactID))
        }
        return clientView(conversation)
    }

    func typeByClient(_ path: SessionPath, _ id: Int?, status: String?) throws {
        let conversation = try visibleConversation(path, id)
        guard let status, ["on", "off"].contains(status) else { return }
        announceTyping(status == "on", isPrivate: false, in: conversation, by: .contact(conversation.contactID))
    }

    func markSeenByClient(_ path: SessionPath, _ id: Int?) throws {
        let conversation = try visibleConversation(path, id)
        markSeenByContact(conversation, by: .contact(conversation.contactID))
    }

    func listMessages(_ path: SessionPath, _ id: Int?, before: Int?) throws -> JSONValue {
        let conversation = try visibleConversation(path, id)
        var page: [Message] = []
        for id in conversation.messageIDs.reversed() {
            if let before, id >= before { continue }
            guard let message = messages[id], message.isVisibleToContact else { continue }
            page.append(message)
            if page.count == 20 { break }
        }
        return .array(page.reversed().map { clientView($0) })
    }

    func writeByClient(_ path: SessionPath, _ id: Int?, _ parameters: JSONObject, files: [UploadedFile]) throws
        -> JSONValue
    {
        let conversation = try visibleConversation(path, id)
        // A text where files belong breaks the real server.
        if let attachments = parameters["attachments"], !attachments.isBlank { throw WorldError.crash }
        let draft = MessageDraft(
            kind: .incoming, content: parameters["content"]?.castString, author: .contact(conversation.contactID),
            echoID: parameters["echo_id"]?.castString, files: files)
        return clientView(try post(draft, in: conversation))
    }

    func answerByClient(_ path: SessionPath, _ id: Int?, message: Int?, _ parameters: JSONObject) throws -> JSONValue {
        let conversation = try visibleConversation(path, id)
        guard let message else { throw WorldError.notFound }
        let target = try self.message(message, in: conversation)
        try submit(parameters["submitted_values"], to: target)
        return clientView(target)
    }

    func showSurvey(_ uuid: String) throws -> JSONValue { surveyView(try survey(uuid)) }

    func answerSurvey(_ uuid: String, _ parameters: JSONObject) throws -> JSONValue {
        let message = try survey(uuid)
        try submit(parameters["message"]?["submitted_values"], to: message)
        return surveyView(message)
    }

    private func survey(_ uuid: String) throws -> Message {
        guard let conversation = conversationsByUUID[uuid] else { throw WorldError.notFound }
        let last = conversation.messageIDs.reversed().lazy.compactMap { self.messages[$0] }
            .first { $0.contentType == "input_csat" }
        guard let last else { throw WorldError.notFound }
        return last
    }

    private func submit(_ values: JSONValue?, to message: Message) throws {
        if message.contentType == "input_csat", message.createdAt < now.addingTimeInterval(-14 * 86_400) {
            throw WorldError.surveyExpired
        }
        guard let values, !values.isNull else { return }
        if message.contentType == "input_csat" {
            guard let rating = values["csat_survey_response"]?["rating"]?.castInt, (1...5).contains(rating) else {
                throw WorldError.crash
            }
        }
        update(message, by: .contact(message.conversation.contactID)) {
            $0.contentAttributes["submitted_values"] = values
        }
    }

    private func visibleConversation(_ path: SessionPath, _ id: Int?) throws -> Conversation {
        guard let found = try visibleConversations(path).first(where: { $0.displayID == id }) else {
            throw WorldError.notFound
        }
        return found
    }

    /// The session's own conversations; all of the contact's when its identity was verified.
    private func visibleConversations(_ path: SessionPath) throws -> [Conversation] {
        let session = try session(try inbox(path.inbox), path.source)
        guard session.isVerified else { return conversationsByContactInbox[session.id] ?? [] }
        return (contactInboxIDsByContact[session.contactID] ?? [])
            .filter { contactInboxes[$0]?.inboxID == session.inboxID }
            .flatMap { conversationsByContactInbox[$0] ?? [] }
    }
}
