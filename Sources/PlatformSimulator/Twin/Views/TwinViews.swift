import Foundation

/// The records as the APIs show them.
extension TwinWorld {
    func view(_ person: TwinOperator) -> JSONValue {
        [
            "id": .int(person.id), "companyId": .int(TwinDemoWorld.companyID), "firstName": .string(person.firstName),
            "lastName": .string(person.lastName), "middleName": .null, "email": .string(person.email), "phone": .null,
            "roles": .array([["name": "chat_operator", "company_id": .int(TwinDemoWorld.companyID)]]),
            "settings": [:], "avatar": [:], "online": .bool(person.status == .online),
            "blockedAt": person.isBlocked ? .twinDate(now) : .null, "companyName": "Acme",
        ]
    }

    func view(_ chat: TwinChat) -> JSONValue {
        [
            "id": .string(chat.id), "name": .string(chat.name), "botId": .string(chat.botID),
            "sessionTtl": .int(chat.sessionTTL), "allowableOperatorIdleTime": .int(600),
            "operatorsBusyMessage": "All operators are busy.", "sessionReloadBotId": .null,
            "sessionRatingRequired": .bool(false), "results": .texts(chat.results), "timerFirstAnswer": .int(60),
            "timerNextAnswers": .int(120),
        ]
    }

    func view(_ session: TwinSession) -> JSONValue {
        let person = session.operatorID.flatMap { operators[$0] }
        let previous = session.previousOperatorID.flatMap { operators[$0] }
        let seats = session.stage == .withOperator ? session.seats : []
        return [
            "id": .string(session.id), "chatId": .string(session.chat.id), "name": .string(session.name),
            "status": .string(session.status), "botStatus": .string(session.botStatus), "channel": "WIDGET",
            "messengerType": .null, "markedAsSpam": .bool(session.isSpam),
            "operatorId": .text(person.map { String($0.id) }), "operatorName": .text(person?.name),
            "operatorType": .string(session.operatorType),
            "operatorAssignedAt": .twinDate(seats.first?.assignedAt),
            "previousOperator": previous.map { ["id": .string(String($0.id)), "name": .string($0.name)] } ?? .null,
            "operators": .array(
                seats.map { seat in
                    [
                        "id": .int(seat.operatorID), "name": .text(operators[seat.operatorID]?.name),
                        "type": "OPERATOR",
                        "assigned_at": .twinDate(seat.assignedAt),
                    ]
                }),
            "clientId": .string(session.client.id), "clientExternalId": .text(session.client.externalID),
            "clientBanned": .bool(session.client.isBanned), "clientIp": "127.0.0.1",
            "startedAt": .twinDate(session.startedAt), "ttl": .int(session.chat.sessionTTL),
            "clientOnlineAt": .twinDate(session.client.onlineAt),
            "clientOfflineAt": .twinDate(session.client.offlineAt),
            "lastMessageCreatedAt": .twinDate(session.messages.last?.createdAt),
            "unreadClientMessageCount": .int(session.unreadCount),
            "unreadClientMessageExists": .bool(session.unreadCount > 0), "timerFirstAnswer": .int(60),
            "timerNextAnswers": .int(120),
            "lastMessage": session.messages.last.map { shortView($0) } ?? .null,
            "lastOperatorMessage": session.messages.last { $0.author.type == "OPERATOR" }.map { .string($0.body) }
                ?? .null, "tags": "",
            "operatorNotFoundAt": .twinDate(session.operatorNotFoundAt),
            "closedAt": dials.showsClosing ? .twinDate(session.closedAt) : .null,
        ]
    }

    func view(_ message: TwinMessage) -> JSONValue {
        [
            "id": .string(message.id), "sessionId": .string(message.sessionID), "authorId": .string(message.author.id),
            "authorType": .string(message.author.type), "authorName": .string(message.authorName), "type": "REGULAR",
            "body": .string(message.body), "answers": .texts(message.answers), "keyboard": .array([]),
            "actions": .array([]),
            "attachments": .array(message.fileIDs.compactMap { files[$0] }.map { view($0) }),
            "createdAt": .twinDate(message.createdAt), "updatedAt": .twinDate(message.updatedAt),
            "readAt": .twinDate(message.readAt), "avatar": .null,
            "replyTo": message.replyTo.flatMap { messages[$0] }.map { shortView($0) } ?? .null,
        ]
    }

    private func shortView(_ message: TwinMessage) -> JSONValue {
        [
            "id": .string(message.id), "sessionId": .string(message.sessionID), "authorId": .string(message.author.id),
            "authorType": .string(message.author.type), "authorName": .string(message.authorName), "type": "REGULAR",
            "body": .string(message.body), "attachments": .array([]), "createdAt": .twinDate(message.createdAt),
            "readAt": .twinDate(message.readAt),
        ]
    }

    func view(_ file: TwinFile) -> JSONValue {
        let link = "\(iamURL)/files/\(file.id)"
        return [
            "id": .string(file.id), "isPrivate": .bool(file.isPrivate), "createdAt": .twinDate(file.createdAt),
            "contentType": .string(file.contentType), "name": .string(file.baseName), "baseName": .string(file.name),
            "extension": .string(file.fileExtension),
            // The real spelling of lists, beside the right one.
            "sugestedExtension": .string(file.fileExtension), "suggestedExtension": .string(file.fileExtension),
            "path": .string("/\(file.name)"), "size": .int(file.bytes.count), "url": .string(link),
            "downloadLink": .string(link), "ownerId": .string(String(file.ownerID)),
        ]
    }
}

extension TwinSession {
    var status: String { isOpen ? "ACTIVE" : "CLOSED" }
    var botStatus: String { stage == .bot ? "ACTIVE" : "FINISHED" }
    var operatorType: String { stage == .bot ? "BOT" : "OPERATOR" }
}

extension JSONValue {
    /// ISO 8601 with an offset and whole seconds, or null for never.
    static func twinDate(_ date: Date?) -> JSONValue {
        // 2021-03-10T08:37:53.123Z
        date.map { .string(String($0.iso8601.prefix(19)) + "+00:00") } ?? .null
    }
}
