/// What tests read from the world and write into it.
extension TwinWorld {
    func snapshots() -> [TwinSessionSnapshot] {
        sessions.values.sorted { $0.number < $1.number }.map { snapshot($0) }
    }

    func snapshot(of id: String) throws(TwinRefusal) -> TwinSessionSnapshot { snapshot(try session(id)) }

    func messageSnapshots(of id: String) throws(TwinRefusal) -> [TwinMessageSnapshot] {
        try session(id).messages.map { message in
            TwinMessageSnapshot(
                id: message.id, authorType: message.author.type, authorID: message.author.id, body: message.body,
                attachments: message.fileIDs.compactMap { files[$0]?.name }, replyTo: message.replyTo,
                isEdited: message.updatedAt != nil, isRead: message.readAt != nil)
        }
    }

    func operatorSnapshots() -> [TwinOperatorSnapshot] {
        operators.values.sorted { $0.id < $1.id }.map {
            TwinOperatorSnapshot(id: $0.id, status: $0.status.rawValue, isBlocked: $0.isBlocked)
        }
    }

    func start(_ start: TwinSessionStart) throws(TwinRefusal) -> TwinSessionSnapshot {
        var parameters: JSONObject = ["clientName": .string(start.clientName)]
        if let id = start.clientID { parameters["clientId"] = .string(id) }
        if let name = start.name { parameters["name"] = .string(name) }
        if let text = start.text { parameters["messageBody"] = .string(text) }
        let started = try startSession(chat: start.chatID, parameters, at: start.place, continuing: false)
        return try snapshot(of: started["id"]?.string ?? "")
    }

    func write(_ text: String, in id: String, by author: TwinAuthor) throws(TwinRefusal) -> String {
        let session = try openSession(id)
        switch author {
        case .client: return post(Draft(body: text), by: .client(session.client.id), in: session).id
        case .bot(let answers):
            return post(Draft(body: text, answers: answers), by: .bot(session.chat.botID), in: session).id
        case .operator(let id): return post(Draft(body: text), by: .operator(try person(id).id), in: session).id
        }
    }

    func relocate(_ id: String, to place: TwinPlace) throws(TwinRefusal) { try move(try openSession(id), to: place) }

    func expireSession(_ id: String, announcing: Bool) throws(TwinRefusal) {
        close(try openSession(id), announcing: announcing ? "chatSessionDeleted" : nil)
    }

    func channel(of operatorID: Int) throws(TwinRefusal) -> String { try person(operatorID).channel }

    /// Starts sessions for a load; their client messages are written by ``writeBulk(_:)``.
    func startBulk(_ count: Int, at place: TwinPlace) throws(TwinRefusal) -> [String] {
        let chat = try chat(TwinDemoWorld.chatID)
        var ids: [String] = []
        for number in 0..<max(1, count) {
            let client = try findClient(["clientName": .string("Bulk \(number)")])
            let session = makeSession(chat: chat, client: client, name: nil)
            try begin(session, at: place)
            ids.append(session.id)
        }
        return ids
    }

    /// Writes a part of a load in one turn of the actor.
    func writeBulk(_ texts: [(session: String, text: String)]) throws(TwinRefusal) {
        for item in texts { _ = try write(item.text, in: item.session, by: .client) }
    }

    private func snapshot(_ session: TwinSession) -> TwinSessionSnapshot {
        let stage =
            switch session.stage {
            case .bot: "bot"
            case .help: "help"
            case .withOperator: "operator"
            case .closed: "closed"
            }
        let replies = session.messages.filter { $0.author.type == "OPERATOR" }
        return TwinSessionSnapshot(
            id: session.id, clientID: session.client.id, chatID: session.chat.id, name: session.name, stage: stage,
            operatorID: session.operatorID, operators: session.seats.map(\.operatorID), result: session.result,
            isSpam: session.isSpam, clientMessages: session.messages.count { $0.author.type == "CLIENT" },
            operatorMessages: replies.count,
            duplicateOperatorMessages: replies.count - Set(replies.map(\.body)).count, unread: session.unreadCount)
    }
}

/// Who writes, when a test writes.
enum TwinAuthor: Sendable {
    case client
    case bot(answers: [String])
    case `operator`(Int)
}
