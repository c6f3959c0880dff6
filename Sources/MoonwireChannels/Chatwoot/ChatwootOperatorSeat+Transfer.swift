import ChatwootAPI
import Moonwire

extension ChatwootOperatorSeat {
    /// Moves a conversation to an agent, a team or the queue. The target is looked up first: the platform takes an
    /// unknown id for "nobody" without a word.
    func move(_ conversation: Int, _ transfer: ChannelEffect.Transfer) async throws -> EffectReceipt {
        switch transfer.target {
        case .operator(let name):
            let agent = try await directory.agent(name)
            guard try await api.assign(conversation, to: agent.id) != nil else {
                throw ChannelError.invalid("the platform refused to assign session \(conversation) to \(agent.name)")
            }
        case .group(let name):
            let team = try await directory.team(name)
            guard try await api.assign(conversation, toTeam: team.id) != nil else {
                throw ChannelError.invalid("the platform refused to give session \(conversation) to \(team.name)")
            }
        case .queue: _ = try await api.assign(conversation, to: nil)
        }
        if let note = transfer.note {
            // The transfer has happened; a note that fails must not make it look as if it had not.
            _ = try? await api.sendMessage(conversation, .note(ChatwootText.escapingLiquid(note)))
        }
        // Setting a team may drop or pick the assignee. That cannot be read now is no reason to move it again.
        return (try? await refresh(conversation)) ?? EffectReceipt()
    }

    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async throws -> Reconciliation {
        guard ownUser != nil else {
            // Right after a start: without knowing who it is, the seat would find none of its own messages.
            return .unreachable(
                ChannelError(
                    code: "network", message: "the channel is not connected yet", fate: .inDoubt, retryable: true))
        }
        if case .open(let opening) = delivery.effect {
            return try await find(opening, since: delivery.intendedAt, recorded)
        }
        guard let conversation = Int(delivery.session.id) else { return .undecided("no such conversation") }
        switch delivery.effect {
        case .reply(let reply): return try await find(reply, delivery, in: conversation, recorded)
        case .transfer(let transfer): return try await isMoved(conversation, transfer)
        default: return .undecided("it leaves no trace that could be found")
        }
    }

    private func find(
        _ reply: ChannelEffect.Reply, _ delivery: EffectDelivery, in conversation: Int, _ recorded: Set<String>
    ) async throws -> Reconciliation {
        if let id = sessions.message(ofEcho: delivery.key) {
            let message = try await api.messages(conversation, after: id - 1).messages.first { $0.id == id }
            if let message { return performed(message) }
        }
        let content = Self.draft(of: reply, key: delivery.key).content ?? ""
        let search = ChatwootOwnMessageSearch(
            since: delivery.intendedAt, content: content, isPrivate: reply.isPrivate, recorded: recorded)
        let found = try await search.run { before in
            try await self.api.messages(conversation, before: before)
        } isOwn: {
            self.isOwn($0)
        }
        switch found {
        case .one(let message): return performed(message)
        case .none: return .undecided("the session holds no such message")
        case .several: return .undecided("the session holds several such messages")
        }
    }

    private func performed(_ message: ChatwootMessage) -> Reconciliation {
        .performed(
            EffectReceipt(
                value: EventBody.encode(translator.message(message, ownUser: ownUser)), nativeID: String(message.id)))
    }

    private func isMoved(_ conversation: Int, _ transfer: ChannelEffect.Transfer) async throws -> Reconciliation {
        let receipt = try await refresh(conversation)
        let isThere: Bool
        switch transfer.target {
        case .operator(let name): isThere = try await receipt.session?.operator?.id == String(directory.agent(name).id)
        case .group(let name): isThere = try await receipt.session?.group == directory.team(name).name
        case .queue: isThere = receipt.session?.operator == nil
        }
        return isThere ? .performed(receipt) : .undecided("the session is elsewhere now")
    }
}
