import Moonwire
import TwinAPI

extension TwinSeat {
    /// Starts a session with a client, or goes on with the client's last one, takes it, and says the first word.
    ///
    /// The platform has no call for an operator who begins: the session is begun in the client's name, as the client's
    /// own page would begin it, and taken over.
    func open(_ opening: ChannelEffect.Opening, key: String) async throws -> EffectReceipt {
        guard state.status == .online else {
            throw ChannelError(
                code: "paused", message: "a paused operator takes no sessions", fate: .notPerformed, retryable: false)
        }
        let started: TwinClientSession
        let taken: EffectReceipt
        do {
            let chat = try await directory.chat(opening.inbox).id
            started = try await clients.continueOrStart(chat: chat, try draft(opening.recipient))
            taken = try await take(started.id)
        } catch let error as CancellationError {
            throw error
        } catch {
            // Whoever asks again goes on with the same session, and nobody has been written to.
            throw ChannelError(twin: error).beforeAnyEffect
        }
        guard taken.value == .true else {
            throw ChannelError(
                code: "rejected", message: "session \(started.id) was started, but somebody else has it",
                fate: .notPerformed, retryable: false)
        }
        if let message = opening.message {
            _ = try await send(ChannelEffect.Reply(text: message), to: started.id, key: key)
        }
        var session = sessions[started.id]?.session ?? taken.session
        if session == nil { session = try await reread(started.id) }
        return EffectReceipt(
            value: session.map { RawJSON(validated: $0.journalBytes) } ?? .null, nativeID: started.id, session: session)
    }

    private func draft(_ recipient: ChannelEffect.Opening.Recipient?) throws -> TwinClientDraft {
        switch recipient {
        case nil: throw ChannelError.invalid("an operator must say with whom the session is: the option client")
        case .client(let id): return TwinClientDraft(name: id, clientID: id)
        case .person(let name, let phone, let email, let identifier):
            var draft = TwinClientDraft(name: name ?? phone ?? email ?? identifier ?? "", clientName: name)
            draft.clientPhone = phone
            draft.clientEmail = email
            draft.clientExternalID = identifier
            return draft
        }
    }
}
