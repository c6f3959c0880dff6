import Foundation

/// What clients do, through the widget's API or by the hand of a test.
extension TwinWorld {
    /// Starts a session, or goes on with the client's last one where that is asked for and still open.
    func startSession(
        chat chatID: String, _ parameters: JSONObject, at place: TwinPlace, continuing: Bool
    ) throws(TwinRefusal) -> JSONValue {
        let chat = try chat(chatID)
        let client = try findClient(parameters)
        guard !client.isBanned else { throw .forbidden }
        let open = sessionsByClient[client.id]?.last { $0.isOpen && $0.chat.id == chatID }
        let session: TwinSession
        if continuing, let open {
            session = open
        } else {
            session = makeSession(chat: chat, client: client, name: parameters["name"]?.string)
            try begin(session, at: place)
        }
        var first: TwinMessage?
        if let body = parameters["messageBody"]?.string, !body.isEmpty {
            first = post(Draft(body: body), by: .client(client.id), in: session)
        }
        return [
            "id": .string(session.id), "clientId": .string(client.id), "startedAt": .twinDate(session.startedAt),
            "ttl": .int(chat.sessionTTL), "messageId": .text(first?.id), "messages": .array([]),
        ]
    }

    func findClient(_ parameters: JSONObject) throws(TwinRefusal) -> TwinClient {
        let externalID = parameters["clientExternalId"]?.castString
        let known =
            parameters["clientId"]?.string.flatMap { clients[$0] }
            ?? externalID.flatMap { id in clients.values.first { $0.externalID == id } }
        let client =
            known
            ?? TwinClient(
                id: parameters["clientId"]?.string ?? makeUUID(), name: parameters["clientName"]?.string ?? "Visitor")
        if let name = parameters["clientName"]?.string { client.name = name }
        client.externalID = externalID ?? client.externalID
        client.phone = parameters["clientPhone"]?.castString ?? client.phone
        client.email = parameters["clientEmail"]?.string ?? client.email
        clients[client.id] = client
        return client
    }

    func type(_ text: String?, in id: String) throws(TwinRefusal) {
        var data: JSONObject = ["sessionId": .string(id), "authorType": "CLIENT"]
        if let text { data.add("text", .string(text)) }
        announceToSeats("typing", .object(data), of: try session(id))
    }

    func setOnline(_ isOnline: Bool, in id: String) throws(TwinRefusal) {
        let session = try session(id)
        if isOnline { session.client.onlineAt = now } else { session.client.offlineAt = now }
        announceToSeats(
            isOnline ? "clientOnline" : "clientOffline",
            ["sessionId": .string(id), "clientId": .string(session.client.id)], of: session)
    }

    func closeAsClient(_ id: String) throws(TwinRefusal) {
        close(try openSession(id), announcing: "sessionClosedByClient")
    }
}
