import Foundation

/// Messages of the operator API.
extension ChatwootWorld {
    func listMessages(_ account: Int, _ id: Int?, before: Int?, after: Int?, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let all = conversation.messageIDs
        let page: [Int]
        switch (before, after) {
        case (nil, nil): page = Array(all.suffix(20))
        case (let before?, nil): page = Array(all.filter { $0 < before }.suffix(20))
        case (nil, let after?): page = Array(all.filter { $0 > after }.prefix(100))
        case (let before?, let after?): page = Array(all.filter { $0 >= after && $0 < before }.prefix(1000))
        }
        let contact = contacts[conversation.contactID]
        var meta: JSONObject = [
            "labels": .texts(conversation.labels),
            "additional_attributes": .object(conversation.additionalAttributes),
            "contact": contact.map { operatorView($0, withSessions: false) } ?? nil,
        ]
        if case .user(let id) = conversation.assignee {
            meta["assignee"] = users[id].map { agentView($0, account: account) }
        }
        meta["agent_last_seen_at"] = .text(conversation.agentLastSeenAt?.iso8601)
        meta["assignee_last_seen_at"] = .text(conversation.assigneeLastSeenAt?.iso8601)
        return [
            "meta": .object(meta), "payload": .array(page.compactMap { messages[$0] }.map { operatorView($0) }),
        ]
    }

    func writeByOperator(_ account: Int, _ id: Int?, _ parameters: JSONObject, files: [UploadedFile], caller: Caller)
        throws -> JSONValue
    {
        let conversation = try conversation(account, id, openTo: caller)
        var draft = MessageDraft(
            kind: .outgoing, content: parameters["content"]?.castString, author: caller.performer, files: files)
        switch parameters["message_type"]?.castString {
        case nil, "outgoing": break
        case "incoming":
            guard inboxes[conversation.inboxID]?.isAPI == true else {
                throw WorldError.invalid(
                    message: "Incoming messages are only allowed in Api inboxes", attributes: ["base"])
            }
            draft.kind = .incoming
            draft.author = .contact(conversation.contactID)
        default: throw WorldError.invalid(message: "Message type is not valid", attributes: ["message_type"])
        }
        if draft.kind == .outgoing, parameters["sender_type"]?.string == "AgentBot",
            let bot = parameters["sender_id"]?.castInt, bots[bot] != nil
        {
            draft.author = .bot(bot)
        }
        draft.isPrivate = parameters["private"]?.castBool ?? false
        draft.sourceID = parameters["source_id"]?.castString
        draft.echoID = parameters["echo_id"]?.castString
        draft.contentType = try contentType(parameters["content_type"])
        draft.contentAttributes = try contentAttributes(parameters["content_attributes"], of: draft.contentType)
        return operatorView(try post(draft, in: conversation), withEcho: true)
    }

    func setMessageStatus(_ account: Int, _ id: Int?, _ message: Int?, _ parameters: JSONObject, caller: Caller) throws
        -> JSONValue
    {
        let conversation = try conversation(account, id, openTo: caller)
        let target = try self.message(message ?? 0, in: conversation)
        guard inboxes[conversation.inboxID]?.isAPI == true else {
            throw WorldError.forbidden("Message status update is only allowed for API inboxes")
        }
        guard let status = parameters["status"]?.castString, ["sent", "delivered", "read", "failed"].contains(status)
        else { throw WorldError.invalid(message: "Status is not included in the list", attributes: ["status"]) }
        // A message that was read is not merely delivered any more.
        if !(target.status == "read" && status == "delivered") {
            update(target, by: caller.performer) { target in
                target.status = status
                target.contentAttributes["external_error"] =
                    status == "failed" ? parameters["external_error"] : nil
            }
        }
        return operatorView(target)
    }

    func deleteMessage(_ account: Int, _ id: Int?, _ message: Int?, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let target = try self.message(message ?? 0, in: conversation)
        for attachment in target.attachments { attachments[attachment.key] = nil }
        update(target, by: caller.performer) { target in
            target.content = "This message was deleted"
            target.contentType = "text"
            target.contentAttributes = ["deleted": .bool(true)]
            target.attachments = []
        }
        return operatorView(target)
    }

    func retryMessage(_ account: Int, _ id: Int?, _ message: Int?, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        let target = try self.message(message ?? 0, in: conversation)
        if target.status == "failed" {
            update(target, by: caller.performer) { target in
                target.status = "sent"
                target.contentAttributes["external_error"] = nil
            }
        }
        return operatorView(target)
    }

    private func contentType(_ value: JSONValue?) throws -> String {
        let known = [
            "text", "input_text", "input_textarea", "input_email", "input_select", "cards", "form", "article",
            "incoming_email", "input_csat", "integrations", "sticker", "voice_call",
        ]
        guard let name = value?.castString, !name.isEmpty else { return "text" }
        guard known.contains(name) else {
            throw WorldError.invalid(message: "'\(name)' is not a valid content_type", attributes: ["content_type"])
        }
        return name
    }

    /// The attributes, which multipart bodies carry as a text of JSON.
    private func contentAttributes(_ value: JSONValue?, of contentType: String) throws -> JSONObject {
        var attributes = value?.object ?? JSONObject()
        if let text = value?.string, let parsed = try? JSONValue(parsing: Array(text.utf8)), let object = parsed.object
        {
            attributes = object
        }
        let items = attributes["items"]?.array ?? []
        func refuse(_ reason: String) -> WorldError {
            .invalid(message: "Content attributes \(reason)", attributes: ["content_attributes"])
        }
        switch contentType {
        case "input_select":
            guard !items.isEmpty else { throw refuse("At least one item is required.") }
            let allowed: Set = ["title", "value"]
            guard items.allSatisfy({ $0.object.map { Set($0.members.map(\.key)) == allowed } ?? false }) else {
                throw refuse("contains invalid keys for items : Allowed keys are title, value")
            }
        case "cards":
            guard items.allSatisfy({ !($0["actions"]?.array ?? []).isEmpty }) else {
                throw refuse("contains items missing actions")
            }
        default: break
        }
        return attributes
    }
}
