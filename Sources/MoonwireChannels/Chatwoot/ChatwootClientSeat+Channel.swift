import ChatwootAPI
import CurlHTTP
import EventJSON
import Moonwire
import Synchronization

extension ChatwootClientSeat {
    /// What belongs to the contact and not to one conversation.
    func performOnChannel(_ delivery: EffectDelivery) async throws -> EffectReceipt {
        switch delivery.effect {
        case .sessions(let query, _): return EffectReceipt(value: try await list(query))
        case .open(let opening): return try await open(opening, key: delivery.key)
        case .me:
            let client = client.withLock { $0 }
            return EffectReceipt(
                value: DirectoryList.encode(
                    DirectoryList.Entry(id: client?.id ?? "", name: client?.name, email: client?.email)))
        case .request(let request):
            let response = try await api.request(
                contact.sourceID, HTTPMethod(rawValue: request.method), request.path, body: request.httpBody)
            return EffectReceipt(
                value: ChannelEffect.PlatformRequest.value(of: response, redact: ChatwootRedaction.payload))
        case .updateClient(let update): return try await updateContact(update, in: nil)
        case .clients, .operators, .groups:
            throw ChannelError.unsupported("a client sees nobody but whom it talks to; operators can list")
        case .status: throw ChannelError.unsupported("a client has no status at the desk; operators have")
        default: throw ChannelError.invalid("\(delivery.effect.method) needs a session")
        }
    }

    /// The contact's own conversations, which the platform gives all at once.
    private func list(_ query: ChannelEffect.SessionQuery) async throws -> RawJSON {
        guard query.group == nil, query.text == nil, query.labels.isEmpty, query.client == nil else {
            throw ChannelError.unsupported("a client can list its sessions by status and owner only")
        }
        let found = try await api.conversations(contact.sourceID, known: sessions.known)
        let all = found.sorted { $0.id < $1.id }.map { store($0).session }
        return ListPage.encode(
            all.filter { session in
                (query.status ?? session.status) == session.status && (query.owner ?? session.owner) == session.owner
            }, next: nil)
    }

    private func open(_ opening: ChannelEffect.Opening, key: String) async throws -> EffectReceipt {
        guard opening.recipient == nil else {
            throw ChannelError.unsupported("a client can only write to the desk itself; leave the option client out")
        }
        let conversation = try await api.createConversation(contact.sourceID)
        let session = store(conversation).session
        if let text = opening.message {
            let message = try await api.sendMessage(contact.sourceID, conversation.id, content: text, echoID: key)
            sessions.storeEcho(key, message: message.id)
        }
        return EffectReceipt(
            value: RawJSON(validated: session.journalBytes), nativeID: String(conversation.id), session: session)
    }
}
