import Foundation

/// What tests and demos do to a simulator and read from it, without its platform APIs.
///
/// All ids of conversations are display ids of the demo account. The same is reachable by HTTP under `/simulator`.
public struct SimulatorControl: Sendable {
    let world: ChatwootWorld
    let hub: CableHub
    let faults: FaultDials
    let log: RequestLog

    /// Makes a session, or finds it when the source id is known.
    public func createSession(
        inbox: String = DemoWorld.hooryInboxIdentifier, sourceID: String? = nil, name: String? = nil
    ) async throws(SimulatorError) -> ClientSession {
        try await asking { try await world.makeSession(inbox: inbox, sourceID: sourceID, name: name) }
    }

    /// Opens a conversation and answers its id.
    public func openConversation(_ session: ClientSession) async throws(SimulatorError) -> Int {
        try await asking {
            try await world.openConversation(inbox: session.inboxIdentifier, source: session.sourceID)
        }
    }

    /// Writes as the conversation's contact and answers the message's id.
    @discardableResult
    public func writeAsClient(_ text: String, conversation: Int) async throws(SimulatorError) -> Int {
        try await asking { try await world.write(asClient: text, in: conversation)["id"]?.castInt ?? 0 }
    }

    /// Writes as an operator and answers the message's id.
    ///
    /// - Parameter contentAttributes: JSON text, as `{"items":[{"title":"Yes","value":"y"}]}` of an `input_select`.
    @discardableResult
    public func writeAsOperator(
        _ text: String, conversation: Int, user: Int = DemoWorld.omarID, isPrivate: Bool = false,
        contentType: String = "text", contentAttributes: String = "{}"
    ) async throws(SimulatorError) -> Int {
        try await asking {
            guard let attributes = (try? JSONValue(parsing: Array(contentAttributes.utf8)))?.object else {
                throw WorldError.invalid(message: "Content attributes are not a JSON object", attributes: [])
            }
            let draft = MessageDraft(
                kind: .outgoing, content: text, author: .user(user), contentType: contentType,
                contentAttributes: attributes, isPrivate: isPrivate)
            return try await world.write(asOperator: draft, in: conversation)["id"]?.castInt ?? 0
        }
    }

    /// Writes a load and returns when all of it is written.
    public func bulkWrite(_ order: BulkOrder) async throws(SimulatorError) -> BulkReport {
        try await asking {
            let run = UUID().uuidString.prefix(8)
            var conversations: [Int] = []
            for number in 0..<max(1, order.sessions) {
                let session = try await world.makeSession(
                    inbox: order.inbox, sourceID: "bulk-\(run)-\(number)", name: "Bulk \(number)")
                conversations.append(
                    try await world.openConversation(inbox: order.inbox, source: session.sourceID))
            }
            let start = ContinuousClock.now
            // One turn of the world per millisecond of messages keeps the rate smooth and the overhead small.
            let batch = order.rate > 0 ? max(1, Int(order.rate / 1000)) : 64
            var written = 0
            while written < order.messages {
                if order.rate > 0 {
                    try await Task.sleep(until: start + .seconds(Double(written) / order.rate))
                }
                let numbers = written..<min(written + batch, order.messages)
                try await world.writeBulk(
                    numbers.map { (conversations[$0 % conversations.count], order.content(of: $0 + 1)) })
                written = numbers.upperBound
            }
            return BulkReport(
                conversations: conversations, messages: written, seconds: (ContinuousClock.now - start) / .seconds(1))
        }
    }

    /// All messages of a conversation, of every kind, in order.
    public func messages(of conversation: Int) async throws(SimulatorError) -> [MessageSnapshot] {
        try await asking { try await world.messageSnapshots(of: conversation) }
    }

    /// One conversation.
    public func conversation(_ id: Int) async throws(SimulatorError) -> ConversationSnapshot {
        try await asking { try await world.snapshot(of: id) }
    }

    /// All conversations in the order of their ids.
    public func conversations() async -> [ConversationSnapshot] { await world.snapshots() }

    /// Totals since the start or the last reset.
    public func counters() async -> SimulatorCounters {
        let (messages, events) = await world.tally()
        let snapshots = await world.snapshots()
        return SimulatorCounters(
            conversations: snapshots.count, incoming: messages.incoming, outgoing: messages.outgoing,
            activities: messages.activities, templates: messages.templates, notes: messages.notes,
            duplicateContents: snapshots.map(\.duplicateContents).reduce(0, +),
            duplicateEchoes: snapshots.map(\.duplicateEchoes).reduce(0, +), events: events, frames: hub.frameCount,
            requests: log.count, sockets: openSockets, subscriptions: subscriptions,
            refusedSubscriptions: refusedSubscriptions,
            faults: faults.tally)
    }

    /// Waits until a conversation, or all together for nil, have so many messages of a kind.
    ///
    /// - Returns: false when time ran out first.
    public func waitForMessages(
        _ count: Int, kind: MessageKind = .outgoing, conversation: Int? = nil, timeout: Duration = .seconds(10)
    ) async -> Bool {
        await world.waitForMessages(count, kind: kind, conversation: conversation, timeout: timeout)
    }

    /// The last requests to the platform's APIs whose path holds a text.
    public func requests(after number: Int = 0, containing text: String = "") -> [RequestRecord] {
        log.entries(after: number, containing: text).map { entry in
            RequestRecord(
                number: entry.number, method: entry.method, path: entry.path, status: entry.status,
                milliseconds: entry.milliseconds)
        }
    }

    /// Forgets the requests so far.
    public func clearRequests() { log.clear() }

    /// Sockets that are open.
    public var openSockets: Int { hub.sockets.count }

    /// Subscriptions that are confirmed.
    public var subscriptions: Int { hub.subscriptionCount }

    /// Subscribe commands that were refused, in silence as the platform does.
    public var refusedSubscriptions: Int { hub.refusalCount }

    /// Does something to all sockets that are open.
    public func sockets(_ action: SocketAction) {
        for socket in hub.sockets {
            switch action {
            case .kill: socket.kill()
            case .disconnect(let reason, let reconnect): socket.disconnect(reason: reason, reconnect: reconnect)
            case .behave(let mode): socket.mode = mode
            case .halfFrame(let thenCut): socket.sendHalfFrame(thenCut: thenCut)
            }
        }
    }

    /// Changes how an inbox behaves.
    public func configureInbox(_ id: Int, _ change: InboxChange) async throws(SimulatorError) {
        try await asking { try await world.configureInbox(id, with: change) }
    }

    /// Gives a user a new stream token, as a change of password does, and answers it.
    @discardableResult
    public func rotatePubsubToken(user: Int) async throws(SimulatorError) -> String {
        try await asking { try await world.rotatePubsubToken(user) }
    }

    /// Forgets everything and starts again from the demo world; sockets stay open, dials stay as they are.
    public func reset() async {
        log.clear()
        await world.reset()
    }

    private func asking<Result: Sendable>(_ body: () async throws -> Result) async throws(SimulatorError) -> Result {
        do { return try await body() } catch { throw SimulatorError(error) }
    }
}
