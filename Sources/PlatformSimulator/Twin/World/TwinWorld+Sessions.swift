/// Where a session is: with the bot, in help, with operators, or over.
extension TwinWorld {
    func makeSession(chat: TwinChat, client: TwinClient, name: String?) -> TwinSession {
        let number = nextSessionNumber()
        let session = TwinSession(
            id: makeUUID(), number: number, chat: chat, client: client, name: name ?? client.name, startedAt: now)
        sessions[session.id] = session
        sessionsByClient[client.id, default: []].append(session)
        ledger.update { $0.sessions += 1 }
        return session
    }

    /// The place of a session that has just begun; a bot's session is nobody's business yet.
    func begin(_ session: TwinSession, at place: TwinPlace) throws(TwinRefusal) {
        let chosen = try resolve(place)
        switch chosen {
        case .bot: return
        case .help, .operators:
            session.stage = .help
            session.operatorNotFoundAt = now
            announceToAll("chatSessionStarted", session)
            announceToAll("operatorNotFound", session)
        case .operator(let id):
            seat(id, in: session)
            announceToAll("chatSessionStarted", session)
            announce("chatSessionAdded", session, to: id)
        }
    }

    /// Moves a session that is under way.
    func move(_ session: TwinSession, to place: TwinPlace) throws(TwinRefusal) {
        let chosen = try resolve(place)
        let wasWithBot = session.stage == .bot
        if case .operator(let id) = chosen, session.operatorID == id { return }
        leaveOperators(session, next: chosen == .bot ? .bot : .help)
        switch chosen {
        case .bot: break
        case .help, .operators:
            session.operatorNotFoundAt = now
            if wasWithBot { announceToAll("chatSessionSwitchedFromBotToOperator", session) }
            announceToAll("operatorNotFound", session)
        case .operator(let id):
            seat(id, in: session)
            if wasWithBot { announceToAll("chatSessionSwitchedFromBotToOperator", session) }
            announce("chatSessionAdded", session, to: id)
        }
    }

    /// Ends a session, with the event that its operators get or without a word.
    func close(_ session: TwinSession, announcing event: String?) {
        let seats = session.stage == .withOperator ? session.seats : []
        session.stage = .closed
        session.closedAt = now
        guard let event else { return }
        for seat in seats { announce(event, session, to: seat.operatorID) }
    }

    /// Takes a session from all its operators and tells them.
    func leaveOperators(_ session: TwinSession, next stage: TwinSession.Stage) {
        let seats = session.stage == .withOperator ? session.seats : []
        if let id = session.operatorID { session.previousOperatorID = id }
        session.seats = []
        session.stage = stage
        for seat in seats { announce("chatSessionDeleted", session, to: seat.operatorID) }
    }

    func seat(_ operatorID: Int, in session: TwinSession) {
        session.stage = .withOperator
        session.seats.append(.init(operatorID: operatorID, assignedAt: now))
    }

    /// The online operator with the smallest load; nil when nobody is there.
    func leastLoaded(among ids: [Int]) -> Int? {
        let online = ids.sorted().compactMap { operators[$0] }.filter { $0.status == .online && !$0.isBlocked }
        return online.min { load($0.id) < load($1.id) }?.id
    }

    private func load(_ operatorID: Int) -> Int { sessions.values.count { $0.operatorID == operatorID } }

    /// Chooses an operator where the place leaves it open.
    private func resolve(_ place: TwinPlace) throws(TwinRefusal) -> TwinPlace {
        switch place {
        case .bot, .help: return place
        case .operator(let id): return .operator(try person(id).id)
        case .operators: return leastLoaded(among: Array(operators.keys)).map { .operator($0) } ?? .help
        }
    }
}

/// Where a session goes.
public enum TwinPlace: Sendable, Hashable {
    /// To the platform's robot.
    case bot
    /// To the common queue.
    case help
    /// To the online operator with the smallest load, or to help when there is none.
    case operators
    /// To one operator, whatever the status.
    case `operator`(Int)
}
