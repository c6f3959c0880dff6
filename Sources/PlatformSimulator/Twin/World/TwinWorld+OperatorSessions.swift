/// What operators may do to sessions.
extension TwinWorld {
    /// Hands a session to an operator.
    func transfer(_ id: String, to operatorID: Int?, by caller: Int) throws(TwinRefusal) {
        let session = try sessionToHandOver(id, caller)
        guard let operatorID, operators[operatorID] != nil else { throw .notFound }
        try move(session, to: .operator(operatorID))
    }

    /// Hands a session to the online operator of a group with the smallest load; with nobody there it falls into help.
    func transfer(_ id: String, toGroup groupID: Int?, by caller: Int) throws(TwinRefusal) {
        let session = try sessionToHandOver(id, caller)
        guard let group = groups.first(where: { $0.id == groupID }) else { throw .notFound }
        try move(session, to: leastLoaded(among: group.memberIDs).map { .operator($0) } ?? .help)
    }

    /// Takes a session from help, or brings a colleague into one's own.
    func addOperator(_ operatorID: Int?, to id: String, by caller: Int) throws(TwinRefusal) {
        let session = try openSession(id)
        guard let operatorID, operators[operatorID] != nil else { throw .notFound }
        guard session.stage == .help || session.isHeld(by: caller) else {
            throw .wrongState("Session already has an operator.")
        }
        guard !session.isHeld(by: operatorID) else { return }
        seat(operatorID, in: session)
        announce("chatSessionAdded", session, to: operatorID)
    }

    func removeOperator(_ operatorID: Int?, from id: String, by caller: Int) throws(TwinRefusal) {
        let session = try openSession(id)
        guard session.isHeld(by: caller) else { throw .forbidden }
        guard let operatorID, session.isHeld(by: operatorID) else { throw .notFound }
        guard session.seats.count > 1 else { return try move(session, to: .help) }
        session.seats.removeAll { $0.operatorID == operatorID }
        announce("chatSessionDeleted", session, to: operatorID)
    }

    func rename(_ id: String, to name: String, by caller: Int) throws(TwinRefusal) {
        guard !name.isEmpty else { throw .invalid("Name is empty.") }
        try openSession(id).name = name
    }

    func finish(_ id: String, result: String?, by caller: Int) throws(TwinRefusal) {
        let session = try openSession(id)
        guard session.isHeld(by: caller) else { throw .forbidden }
        if let result, !session.chat.results.contains(result) { throw .invalid("Unknown result.") }
        session.result = result
        close(session, announcing: "chatSessionDeleted")
    }

    func setSpam(_ id: String, _ isSpam: Bool) throws(TwinRefusal) { try session(id).isSpam = isSpam }

    private func sessionToHandOver(_ id: String, _ caller: Int) throws(TwinRefusal) -> TwinSession {
        let session = try openSession(id)
        guard session.stage == .help || session.isHeld(by: caller) else { throw .forbidden }
        return session
    }
}
