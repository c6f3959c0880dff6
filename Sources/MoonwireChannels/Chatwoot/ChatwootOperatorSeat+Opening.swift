import ChatwootAPI
import Moonwire

extension ChatwootOperatorSeat {
    /// Starts a conversation, assigned to the seat. Where the inbox is locked to a single one, the platform gives that.
    func open(_ opening: ChannelEffect.Opening) async throws -> EffectReceipt {
        let inbox: Int
        let contact: Int
        do {
            inbox = try await self.inbox(opening.inbox)
            if let known = try await known(opening.recipient) {
                contact = known
            } else {
                contact = try await made(opening.recipient)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            // A contact that was made all the same is found the next time; nobody has been written to.
            throw ChannelError(error).beforeAnyEffect
        }
        var draft = ChatwootConversationDraft(inboxID: inbox, contactID: contact, assigneeID: ownUser)
        draft.content = Self.content(of: opening)
        return opened(try await api.createConversation(draft))
    }

    private static func content(of opening: ChannelEffect.Opening) -> String? {
        opening.message.map { opening.isTemplate ? $0 : ChatwootText.escapingLiquid($0) }
    }

    private func opened(_ conversation: ChatwootConversation) -> EffectReceipt {
        let session = translator.session(conversation, known: sessions[conversation.id], ownUser: ownUser)
        sessions.store(conversation.id, session)
        return EffectReceipt(
            value: RawJSON(validated: session.journalBytes), nativeID: String(conversation.id), session: session)
    }

    private func inbox(_ name: String?) async throws -> Int {
        let known = try await api.inboxes().filter { worksIn($0.id) }
        let names = known.map(\.name)
        guard let name else {
            if known.count == 1, let id = known[0].id { return id }
            throw ChannelError.invalid("the option inbox is needed; there are \(names.joined(separator: ", "))")
        }
        let folded = FoldedText.fold(name)
        let found = known.first { $0.id.map(String.init) == name || FoldedText.fold($0.name) == folded }
        if let id = found?.id { return id }
        let hint =
            NearestWord.to(name, in: names).map { "; did you mean '\($0)'?" }
            ?? "; known are \(names.joined(separator: ", "))"
        throw ChannelError(
            code: "not_found", message: "the seat has no inbox '\(name)'\(hint)", fate: .notPerformed, retryable: false)
    }

    /// The contact that is meant; `nil` when the account has none yet.
    private func known(_ recipient: ChannelEffect.Opening.Recipient?) async throws -> Int? {
        switch recipient {
        case nil: throw ChannelError.invalid("an operator must say with whom the conversation is: the option client")
        case .client(let id):
            guard let contact = Int(id) else { throw ChannelError.invalid("'\(id)' is no contact of this platform") }
            return contact
        case .person(_, let phone, let email, let identifier):
            for (text, field) in [
                (identifier, \ChatwootContact.identifier), (phone, \.phoneNumber), (email, \.email),
            ] {
                guard let text else { continue }
                let found = try await api.contacts(matching: text).contacts
                if let contact = found.first(where: { $0[keyPath: field]?.lowercased() == text.lowercased() }) {
                    return contact.id
                }
            }
            return nil
        }
    }

    private func made(_ recipient: ChannelEffect.Opening.Recipient?) async throws -> Int {
        guard case .person(let name, let phone, let email, let identifier)? = recipient else {
            throw ChannelError.invalid("there is no such client")
        }
        var details = ChatwootContactDetails()
        details.name = name
        details.phoneNumber = phone
        details.email = email
        return try await api.createContact(ChatwootContactDraft(details: details, identifier: identifier)).id
    }

    /// Looks for the conversation that an interrupted start may have made.
    func find(
        _ opening: ChannelEffect.Opening, since: Instant, _ recorded: Set<String>
    ) async throws -> Reconciliation {
        guard let contact = try await known(opening.recipient) else { return .undecided("the client is not known") }
        let inbox = try await inbox(opening.inbox)
        let candidates = try await api.conversations(ofContact: contact).filter { conversation in
            conversation.inboxID == inbox && !recorded.contains(String(conversation.id))
                && translator.instant(conversation.createdAt) + .seconds(1) > since
        }
        var found: [ChatwootConversation] = []
        for candidate in candidates {
            if try await begins(candidate, as: opening) { found.append(candidate) }
        }
        guard let conversation = found.first else { return .undecided("the client has no such conversation") }
        guard found.count == 1 else { return .undecided("the client has several such conversations") }
        return .performed(opened(conversation))
    }

    /// Whether a conversation begins as a start would have it: with our message, or, where nothing was said, assigned to
    /// the seat and not with a word of the client's. Others are the client's own, or another operator's.
    private func begins(_ conversation: ChatwootConversation, as opening: ChannelEffect.Opening) async throws -> Bool {
        let first = try await firstMessage(of: conversation.id)
        guard let content = Self.content(of: opening) else {
            return conversation.assignee?.id == ownUser && first?.direction != .incoming
        }
        return first.map { isOwn($0) && !$0.isPrivate && $0.content == content } ?? false
    }

    /// The first that somebody wrote; what the platform itself writes down is left out.
    private func firstMessage(of conversation: Int) async throws -> ChatwootMessage? {
        var first: ChatwootMessage?
        var before: Int?
        // A conversation that goes on longer than this within one search is not worth the requests.
        for _ in 0..<50 {
            let page = try await api.messages(conversation, before: before)
            first = page.messages.first { $0.direction == .incoming || $0.direction == .outgoing } ?? first
            guard page.isFull, let smallest = page.smallestID else { return first }
            before = smallest
        }
        return nil
    }
}
