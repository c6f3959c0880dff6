import HTTPTypes

/// The public client API.
extension RouteTable {
    func addClientRoutes() {
        let base = "/public/api/v1"
        let inbox = "\(base)/inboxes/:inbox"
        let session = "\(inbox)/contacts/:source"
        let conversation = "\(session)/conversations/:conversation"
        let world = world

        client([.get], inbox) { call in try await world.showInbox(call.segment("inbox")) }
        client([.post], "\(inbox)/contacts") { call in
            try await world.createSession(inbox: call.segment("inbox"), call.parameters)
        }
        client([.get], session) { call in
            let path = try call.session
            return try await world.showSession(inbox: path.inbox, source: path.source, call.parameters)
        }
        client([.patch, .put], session) { call in
            let path = try call.session
            return try await world.updateSession(inbox: path.inbox, source: path.source, call.parameters)
        }

        client([.post], "\(session)/conversations") { call in
            try await world.createConversation(try call.session, call.parameters)
        }
        client([.get], "\(session)/conversations") { call in try await world.listConversations(try call.session) }
        client([.get], conversation) { call in
            try await world.showConversation(try call.session, call.number("conversation"))
        }
        client([.post], "\(conversation)/toggle_status") { call in
            try await world.resolveByClient(try call.session, call.number("conversation"))
        }
        client([.post], "\(conversation)/toggle_typing") { call in
            try await world.typeByClient(
                try call.session, call.number("conversation"), status: call["typing_status"]?.castString)
            return nil
        }
        client([.post], "\(conversation)/update_last_seen") { call in
            try await world.markSeenByClient(try call.session, call.number("conversation"))
            return nil
        }

        client([.get], "\(conversation)/messages") { call in
            try await world.listMessages(
                try call.session, call.number("conversation"), before: call["before"]?.castInt)
        }
        client([.post], "\(conversation)/messages") { call in
            try await world.writeByClient(
                try call.session, call.number("conversation"), call.parameters, files: call.files())
        }
        client([.patch, .put], "\(conversation)/messages/:message") { call in
            try await world.answerByClient(
                try call.session, call.number("conversation"), message: call.number("message"), call.parameters)
        }

        client([.get], "\(base)/csat_survey/:uuid") { call in try await world.showSurvey(call.segment("uuid")) }
        client([.put, .patch], "\(base)/csat_survey/:uuid") { call in
            try await world.answerSurvey(call.segment("uuid"), call.parameters)
        }
    }

    /// A route of this API: JSON, or the empty body for nil, and open to pages of any origin.
    private func client(
        _ methods: [HTTPRequest.Method], _ path: String,
        _ handler: @escaping @Sendable (Call) async throws -> JSONValue?
    ) {
        add(methods, path, wording: { .openToAll(Refusal.client($0)) }) { call in
            .openToAll(try await handler(call).map { .json($0) } ?? .empty)
        }
    }
}

extension Call {
    /// The session of the path; a source id with a dot in it is no route of the real server.
    fileprivate var session: SessionPath {
        get throws {
            let source = segment("source")
            guard !source.contains("."), !source.contains("/") else { throw WorldError.notFound }
            return SessionPath(inbox: segment("inbox"), source: source)
        }
    }
}

extension Answer {
    fileprivate static func openToAll(_ answer: Answer) -> Answer {
        var answer = answer
        answer.headers.append((.accessControlAllowOrigin, "*"))
        return answer
    }
}
