extension Lane {
    /// Opt-out words hold once a script can write to people who have not asked, or the configuration names some.
    func findOptOutTerms() {
        let hasBroadcasts = current.contains { ($0.instance as? any BroadcastScript)?.broadcasts.isEmpty == false }
        optOut.terms = ports.settings.broadcasts.optOut ?? (hasBroadcasts ? .standard : nil)
    }

    /// Whether the client's message says nothing but that no more broadcasts are wanted. It wins over commands, dialogs
    /// and handlers, none of which sees it; the answer is a run of the host's own.
    func optsOut(_ queued: QueuedEvent, of session: SessionState) -> Bool {
        guard noteOptOut(queued.admitted.event) else { return false }
        begin(optOut.handlers.map { Candidate(script: optOutScript, handler: $0) }, for: queued, of: session)
        return true
    }

    /// Writes a client's choice down, also where a person keeps the bot out and gives the answer.
    func noteOptOut(_ event: Event) -> Bool {
        guard let terms = optOut.terms, event.name == "message.created", event.role == .operator,
            event.from == .client, let session = event.session,
            terms.reply(to: event.message?.text ?? "") != nil
        else { return false }
        // Audiences may name the session alone.
        let own = "\(session.id.channel)/session:\(session.id.id)"
        let addresses = (session.client?.addresses(on: session.id.channel) ?? []) + [own]
        record(.broadcast(LedgerEntry(.optOut(addresses: addresses, topic: "*"), at: now)))
        return true
    }

    /// Tells the ledger whose session it is: a client's choice holds for all sessions of hers, also where an audience
    /// names nothing but one of them. Once for as long as the session is in memory and the client is known as the same.
    func noteClient(_ event: Event, of session: SessionState) {
        guard optOut.terms != nil, event.role == .operator, let client = event.session?.client else { return }
        let addresses = client.addresses(on: session.key.channel)
        guard !addresses.isEmpty, session.clientHash != addresses.hashValue else { return }
        session.clientHash = addresses.hashValue
        record(.broadcast(LedgerEntry(.know(session: session.key, addresses: addresses), at: now)))
    }
}
