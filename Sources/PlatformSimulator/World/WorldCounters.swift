/// How many messages of each kind there are.
struct MessageTally: Sendable {
    var incoming = 0
    var outgoing = 0
    var activities = 0
    var templates = 0
    /// Private notes, which are counted here and not as outgoing.
    var notes = 0

    mutating func add(_ message: Message) {
        switch message.kind {
        case .incoming: incoming += 1
        case .outgoing where message.isPrivate: notes += 1
        case .outgoing: outgoing += 1
        case .activity: activities += 1
        case .template: templates += 1
        }
    }

    func count(of kind: MessageKind) -> Int {
        switch kind {
        case .incoming: incoming
        case .outgoing: outgoing
        case .activity: activities
        case .template: templates
        case .note: notes
        }
    }
}

/// The kinds of messages that can be waited for and that snapshots name.
public enum MessageKind: String, Sendable, Codable {
    case incoming, outgoing, activity, template
    /// A private message of an operator.
    case note
}

/// What has happened in a world so far.
struct WorldCounters {
    var messages = MessageTally()
    var events = 0
}

/// Someone who waits until there are enough messages.
struct MessageWaiter {
    let id: Int
    /// A display id of the demo account, or nil for all conversations together.
    let conversation: Int?
    let kind: MessageKind
    let count: Int
    let continuation: CheckedContinuation<Bool, Never>
}

extension ChatwootWorld {
    func count(_ message: Message) {
        counters.messages.add(message)
        message.conversation.tally.add(message)
        guard !waiters.isEmpty else { return }
        waiters.removeAll { waiter in
            guard number(of: waiter.kind, in: waiter.conversation) >= waiter.count else { return false }
            waiter.continuation.resume(returning: true)
            return true
        }
    }

    /// Waits until a conversation, or all together, have so many messages of a kind; false when time ran out.
    func waitForMessages(_ count: Int, kind: MessageKind, conversation: Int?, timeout: Duration) async -> Bool {
        if number(of: kind, in: conversation) >= count { return true }
        let id = nextID("waiters", after: 0)
        let timer = Task {
            try await Task.sleep(for: timeout)
            expire(id)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            waiters.append(
                MessageWaiter(id: id, conversation: conversation, kind: kind, count: count, continuation: continuation))
        }
    }

    /// Ends every wait, because the world ends or begins anew.
    func failWaiters() {
        for waiter in waiters { waiter.continuation.resume(returning: false) }
        waiters = []
    }

    private func expire(_ id: Int) {
        for waiter in waiters where waiter.id == id { waiter.continuation.resume(returning: false) }
        waiters.removeAll { $0.id == id }
    }

    private func number(of kind: MessageKind, in conversation: Int?) -> Int {
        guard let conversation else { return counters.messages.count(of: kind) }
        let key = ConversationKey(account: DemoWorld.accountID, displayID: conversation)
        return conversations[key]?.tally.count(of: kind) ?? 0
    }
}
