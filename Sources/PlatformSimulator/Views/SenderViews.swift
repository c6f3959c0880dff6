import Foundation

/// People and bots as they stand in messages, conversations and events.
extension ChatwootWorld {
    func senderView(_ contact: Contact) -> JSONValue {
        [
            "additional_attributes": .object(contact.additionalAttributes),
            "custom_attributes": .object(contact.customAttributes), "email": .text(contact.email),
            "id": .int(contact.id), "identifier": .text(contact.identifier), "name": .string(contact.name),
            "phone_number": .text(contact.phoneNumber), "thumbnail": .string(contact.avatarURL ?? ""),
            "blocked": .bool(contact.isBlocked), "type": "contact",
        ]
    }

    func senderView(_ user: User, account: Int) -> JSONValue {
        [
            "id": .int(user.id), "name": .string(user.name), "available_name": .string(user.name), "avatar_url": "",
            "type": "user", "availability_status": .string(user.availability(in: account, at: now)), "thumbnail": "",
        ]
    }

    func senderView(_ bot: AgentBot) -> JSONValue {
        ["id": .int(bot.id), "name": .string(bot.name), "avatar_url": "", "type": "agent_bot"]
    }

    func senderView(_ author: Message.Author?, account: Int) -> JSONValue? {
        switch author {
        case .contact(let id): contacts[id].map { senderView($0) }
        case .user(let id): users[id].map { senderView($0, account: account) }
        case .bot(let id): bots[id].map { senderView($0) }
        case nil: nil
        }
    }

    func performerView(_ performer: Performer, account: Int) -> JSONValue? {
        switch performer {
        case .user, .bot: senderView(performer.author, account: account)
        case .contact, .system: nil
        }
    }

    func assigneeView(_ conversation: Conversation) -> JSONValue? {
        switch conversation.assignee {
        case .user(let id): users[id].map { senderView($0, account: conversation.accountID) }
        case .bot(let id): bots[id].map { senderView($0) }
        case nil: nil
        }
    }

    func assigneeType(_ conversation: Conversation) -> JSONValue {
        switch conversation.assignee {
        case .user: "User"
        case .bot: "AgentBot"
        case nil: nil
        }
    }

    func teamView(_ conversation: Conversation) -> JSONValue? {
        conversation.teamID.flatMap { teams[$0] }.map { ["id": .int($0.id), "name": .string($0.name)] }
    }

    func attachmentsView(_ message: Message) -> JSONValue {
        .array(
            message.attachments.map { attachment in
                let url = "\(baseURL)/rails/active_storage/blobs/redirect/\(attachment.key)/\(attachment.pathName)"
                var view: JSONObject = [
                    "id": .int(attachment.id), "message_id": .int(message.id),
                    "file_type": .string(attachment.fileType), "account_id": .int(message.conversation.accountID),
                    "extension": .text(attachment.fileExtension), "content_type": .string(attachment.contentType),
                    "data_url": .string(url), "thumb_url": .string(attachment.fileType == "image" ? url : ""),
                    "file_size": .int(attachment.bytes.count), "width": nil, "height": nil,
                ]
                if attachment.fileType == "audio" { view["transcribed_text"] = "" }
                return .object(view)
            })
    }
}

extension Attachment {
    /// The file's name as a path segment.
    var pathName: String {
        filename.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(.init(charactersIn: "._-")))
            ?? "file"
    }
}
