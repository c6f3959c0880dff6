extension Lane {
    /// Opt-out words hold once a script can write to people who have not asked, or the configuration names some.
    func findOptOutTerms() {
        let hasBroadcasts = current.contains { ($0.instance as? any BroadcastScript)?.broadcasts.isEmpty == false }
        optOut = ports.settings.broadcasts.optOut ?? (hasBroadcasts ? .standard : nil)
    }

    /// Whether the client's message says nothing but that no more broadcasts are wanted. It wins over commands, dialogs
    /// and handlers, none of which sees it.
    func optsOut(_ event: AdmittedEvent) -> Bool {
        guard let optOut, event.event.name == "message.created", event.event.role == .operator,
            event.event.from == .client, let session = event.event.session, let client = session.client,
            let reply = optOut.reply(to: event.event.message?.text ?? "")
        else { return false }
        // Audiences may name the session alone.
        let addresses = client.addresses(on: session.id.channel) + ["\(session.id.channel)/session:\(session.id.id)"]
        record(.broadcast(LedgerEntry(.optOut(addresses: addresses, topic: "*"), at: now)))
        finishEvent(event, .handled)
        if !reply.isEmpty {
            // A courtesy of the host: no run asks for it, and a crash before it leaves is no harm, as the choice stands.
            deliver(
                LaneDelivery(
                    run: RunID(rawValue: 0), step: 0,
                    delivery: EffectDelivery(
                        effect: .reply(ChannelEffect.Reply(text: reply)), session: session.id,
                        key: "mw-opt-out-\(event.id.rawValue)", intendedAt: now),
                    isInDoubt: false))
        }
        return true
    }
}
