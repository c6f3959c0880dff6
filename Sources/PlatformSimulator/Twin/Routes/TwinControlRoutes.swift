import HTTPTypes

/// Playing the client and the platform of TWIN24 from another process.
extension RouteTable {
    func addTwinControlRoutes(_ control: TwinControl) {
        let base = "/simulator/twin"
        open([.post], "\(base)/sessions") { call in
            var start = TwinSessionStart(
                call["text"]?.castString, at: try Self.place(call), clientID: call["client"]?.castString)
            if let name = call["client_name"]?.castString { start.clientName = name }
            start.name = call["name"]?.castString
            return try await .encoding(control.startSession(start))
        }
        open([.get], "\(base)/sessions") { _ in
            .json(["payload": try .init(encoding: await control.sessions())])
        }
        open([.get], "\(base)/sessions/:session") { try await .encoding(control.session($0.segment("session"))) }
        open([.get], "\(base)/sessions/:session/messages") { call in
            .json(["payload": try .init(encoding: await control.messages(of: call.segment("session")))])
        }
        open([.post], "\(base)/sessions/:session/:act") { call in
            try await Self.act(call, control)
        }
        open([.post], "\(base)/messages/:message/read") { call in
            try await control.readAsClient(call.segment("message"))
            return .noContent
        }
        open([.post], "\(base)/bulk") { call in
            var order = BulkOrder(messages: call["messages"]?.castInt ?? 100)
            if let sessions = call["sessions"]?.castInt { order.sessions = sessions }
            if let rate = call["rate"]?.castString.flatMap(Double.init) { order.rate = rate }
            if let text = call["text"]?.castString { order.text = text }
            if let size = call["size"]?.castInt { order.size = size }
            return try await .encoding(control.bulkWrite(order))
        }
        open([.get], "\(base)/notifications") { _ in
            .json(["payload": try .init(encoding: await control.notifications())])
        }
        open([.get], "\(base)/counters") { _ in try .encoding(control.counters) }
        open([.get], "\(base)/wait") { call in try await Self.wait(call, control) }
        open([.post], "\(base)/reset") { _ in
            await control.reset()
            return .noContent
        }
    }

    private static func act(_ call: Call, _ control: TwinControl) async throws -> Answer {
        let session = call.segment("session")
        let text = call["text"]?.castString
        switch call.segment("act") {
        case "client":
            return .json(["id": .string(try await control.writeAsClient(text ?? "", session: session))])
        case "bot":
            let answers = (call["answers"]?.array ?? []).compactMap(\.string)
            return .json(["id": .string(try await control.writeAsBot(text ?? "", session: session, answers: answers))])
        case "operator":
            let id = call["operator"]?.castInt ?? TwinDemoWorld.colleagueID
            return .json([
                "id": .string(try await control.writeAsOperator(text ?? "", session: session, operator: id))
            ])
        case "typing": try await control.type(text, session: session)
        case "online": try await control.setClientOnline(true, session: session)
        case "offline": try await control.setClientOnline(false, session: session)
        case "close": try await control.closeAsClient(session)
        case "expire":
            try await control.expireSession(session, announcing: call["announcing"]?.castBool ?? true)
        case "move": try await control.move(session, to: try place(call))
        default: throw TwinRefusal.notFound
        }
        return .noContent
    }

    /// `at` is `operators`, `help`, `bot` or the id of an operator.
    private static func place(_ call: Call) throws(TwinRefusal) -> TwinPlace {
        switch call["at"]?.castString {
        case "operators", nil: return .operators
        case "help": return .help
        case "bot": return .bot
        case let id?:
            guard let id = Int(id) else { throw .invalid("'at' is operators, help, bot or the id of an operator.") }
            return .operator(id)
        }
    }

    private static func wait(_ call: Call, _ control: TwinControl) async throws -> Answer {
        let name = call["total"]?.castString ?? "operatorMessages"
        guard let count = call["count"]?.castInt, let total = TwinCounters.total(name) else {
            throw TwinRefusal.invalid("A count and a known total are needed.")
        }
        let seconds = call["timeout"]?.castString.flatMap(Double.init) ?? 10
        let session = call["session"]?.castString
        let isReached = await control.wait(timeout: .milliseconds(Int64(max(0, min(seconds, 600)) * 1000))) {
            counters in
            (session.map { counters.replies[$0] ?? 0 } ?? total(counters)) >= count
        }
        return .json(["reached": .bool(isReached)], status: isReached ? 200 : 408)
    }
}
