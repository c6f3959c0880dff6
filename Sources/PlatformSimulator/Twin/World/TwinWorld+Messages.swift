/// Messages: written, changed, read.
extension TwinWorld {
    struct Draft {
        var body = ""
        var fileIDs: [String] = []
        var replyTo: String?
        var answers: [String] = []
    }

    /// Writes and announces; the author of an operator's message hears of it like everybody else.
    @discardableResult
    func post(_ draft: Draft, by author: TwinMessage.Author, in session: TwinSession) -> TwinMessage {
        let name =
            switch author {
            case .client: session.client.name
            case .operator(let id): operators[id]?.name ?? ""
            case .bot: session.chat.name
            }
        let message = TwinMessage(
            id: makeUUID(), sessionID: session.id, author: author, authorName: name, body: draft.body,
            fileIDs: draft.fileIDs, replyTo: draft.replyTo, createdAt: now)
        message.answers = draft.answers
        count(message, in: session)
        session.messages.append(message)
        messages[message.id] = message
        if case .client = author { session.unreadCount += 1 }
        announce("chatMessageCreated", message, in: session)
        if case .operator = author, draft.body == TwinDemoWorld.botTrigger { leaveOperators(session, next: .bot) }
        return message
    }

    private func count(_ message: TwinMessage, in session: TwinSession) {
        var isRepeated = false
        if case .operator = message.author { isRepeated = !session.operatorTexts.insert(message.body).inserted }
        ledger.update { counters in
            switch message.author {
            case .client: counters.clientMessages += 1
            case .bot: counters.botMessages += 1
            case .operator:
                counters.operatorMessages += 1
                counters.replies[session.id, default: 0] += 1
                if isRepeated { counters.duplicateOperatorMessages += 1 }
            }
        }
    }

    func writeAsOperator(
        _ id: String, _ parameters: JSONObject, by caller: Int
    ) throws(TwinRefusal) -> JSONValue {
        let session = try openSession(id)
        guard session.isHeld(by: caller) else { throw .forbidden }
        let message = post(try draft(parameters, for: session), by: .operator(caller), in: session)
        return ["id": .string(message.id), "createdAt": .twinDate(message.createdAt)]
    }

    func writeAsClient(_ id: String, _ parameters: JSONObject) throws(TwinRefusal) -> JSONValue {
        let session = try openSession(id)
        guard !session.client.isBanned else { throw .forbidden }
        let message = post(try draft(parameters, for: session), by: .client(session.client.id), in: session)
        return ["id": .string(message.id), "createdAt": .twinDate(message.createdAt)]
    }

    func draft(_ parameters: JSONObject, for session: TwinSession) throws(TwinRefusal) -> Draft {
        let files = try fileIDs(parameters["attachments"])
        guard let body = parameters["body"]?.string, !body.isEmpty || !files.isEmpty else {
            throw .invalid("Body is needed.")
        }
        let replyTo = parameters["replyToMessageId"]?.string
        if let replyTo, messages[replyTo]?.sessionID != session.id { throw .invalid("Unknown replyToMessageId.") }
        return Draft(body: body, fileIDs: files, replyTo: replyTo)
    }

    private func fileIDs(_ value: JSONValue?) throws(TwinRefusal) -> [String] {
        let ids = (value?.array ?? []).compactMap(\.string)
        guard ids.allSatisfy({ files[$0] != nil }) else { throw .invalid("Unknown attachment.") }
        return ids
    }

    func edit(_ id: String, in sessionID: String, _ parameters: JSONObject, by caller: Int) throws(TwinRefusal) {
        let (message, session) = try ownMessage(id, in: sessionID, by: caller)
        if parameters["attachments"] != nil { message.fileIDs = try fileIDs(parameters["attachments"]) }
        if let body = parameters["body"]?.string { message.body = body }
        message.updatedAt = now
        ledger.update { $0.edits += 1 }
        announce("chatMessageEdited", message, in: session)
    }

    func delete(_ id: String, in sessionID: String, by caller: Int) throws(TwinRefusal) {
        let (message, session) = try ownMessage(id, in: sessionID, by: caller)
        session.messages.removeAll { $0 === message }
        messages[id] = nil
        ledger.update { $0.deletions += 1 }
    }

    private func ownMessage(
        _ id: String, in sessionID: String, by caller: Int
    ) throws(TwinRefusal) -> (TwinMessage, TwinSession) {
        let session = try openSession(sessionID)
        guard let message = messages[id], message.sessionID == session.id else { throw .notFound }
        guard message.author == .operator(caller), session.isHeld(by: caller) else { throw .forbidden }
        return (message, session)
    }

    /// An operator has seen a client's message, and with it all before.
    func markRead(_ id: String) throws(TwinRefusal) {
        guard let message = messages[id] else { throw .notFound }
        let session = try session(message.sessionID)
        if message.readAt == nil { message.readAt = now }
        session.unreadCount = session.messages.count { $0.author.type == "CLIENT" && $0.readAt == nil }
        ledger.update { $0.readMarks += 1 }
    }

    /// The client has seen a message.
    func readAsClient(_ id: String) throws(TwinRefusal) {
        guard let message = messages[id] else { throw .notFound }
        message.readAt = now
        let data: JSONValue = [
            "messageId": .string(id), "sessionId": .string(message.sessionID), "readAt": .twinDate(now),
        ]
        announceToSeats("chatMessageRead", data, of: try session(message.sessionID))
    }
}
