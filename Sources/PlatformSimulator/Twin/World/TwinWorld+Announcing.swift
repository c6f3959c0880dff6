/// The fifteen live events, in the shapes that the dials ask for.
extension TwinWorld {
    func announce(_ event: String, _ session: TwinSession, to operatorID: Int) {
        guard let person = operators[operatorID] else { return }
        announcer.announce(event, payload(session), to: [person.channel])
    }

    /// Tells every operator of the company.
    func announceToAll(_ event: String, _ session: TwinSession) {
        var channels = [TwinAnnouncer.companyChannel]
        if dials.eventsThroughBoth { channels += operators.values.sorted { $0.id < $1.id }.map(\.channel) }
        // The one published payload: always whole.
        let data = event == "chatSessionStarted" ? view(session) : payload(session)
        announcer.announce(event, data, to: channels)
    }

    func announce(_ event: String, _ message: TwinMessage, in session: TwinSession) {
        let data: JSONValue =
            switch dials.payloads {
            case .full: view(message)
            case .nested: ["message": view(message), "session": ["id": .string(session.id)]]
            // A message without its text is no message.
            case .sparse:
                event == "chatMessageCreated"
                    ? view(message) : ["messageId": .string(message.id), "sessionId": .string(session.id)]
            }
        announceToSeats(event, data, of: session)
    }

    func announceToSeats(_ event: String, _ data: JSONValue, of session: TwinSession) {
        guard session.stage == .withOperator else { return }
        let channels = session.seats.compactMap { operators[$0.operatorID]?.channel }
        if !channels.isEmpty { announcer.announce(event, data, to: channels) }
    }

    /// An event about an operator's own account.
    func announceAccount(_ event: String, _ person: TwinOperator, isNamed: Bool = true) {
        announcer.announce(event, isNamed ? ["userId": .int(person.id)] : [:], to: [person.channel])
    }

    /// Tells the streams of an operator that somebody else has logged in.
    func displace(_ person: TwinOperator) {
        guard !announcer.hub.presence(person.channel).isEmpty else { return }
        ledger.update { $0.displacements += 1 }
        announceAccount("chatUserExists", person)
    }

    private func payload(_ session: TwinSession) -> JSONValue {
        switch dials.payloads {
        case .full: view(session)
        case .nested: ["session": view(session)]
        case .sparse:
            ["sessionId": .string(session.id), "operatorId": session.operatorID.map { .string(String($0)) } ?? .null]
        }
    }
}
