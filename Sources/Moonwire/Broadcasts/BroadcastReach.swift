/// How a recipient is reached on a channel.
public struct BroadcastReach {
    let effect: ChannelEffect
    /// What the effect is ordered by: the session itself, or a name of its own, because conversations that are opened
    /// need not wait for each other.
    let session: SessionID

    init(
        _ row: AudienceRow, message: BroadcastMessage, plan: BroadcastPlan, on channel: ChannelDescriptor?,
        id: BroadcastID, number: Int64
    ) {
        if let session = Self.session(of: row, on: channel) {
            effect = .reply(
                ChannelEffect.Reply(text: message.text, isTemplate: message.isTemplate, isNotice: true))
            self.session = SessionID(channel: plan.channel, id: session)
            return
        }
        let person = ChannelEffect.Opening.Recipient.person(
            name: row["name"], phone: row["phone"].flatMap(AudienceRow.canonicalPhone), email: row["email"],
            identifier: row["identifier"])
        let client = row["id"].map { ChannelEffect.Opening.Recipient.client($0) }
        var opening = ChannelEffect.Opening(
            recipient: client ?? person, message: message.text, isTemplate: message.isTemplate, inbox: plan.inbox,
            isNotice: true)
        if client != nil { opening.otherwise = person }
        effect = .open(opening)
        session = SessionID(channel: plan.channel, id: "broadcast:\(id):\(number)")
    }

    /// The session that the recipient is written to; `nil` when one is to be opened. On a custom channel the contact's
    /// id, which may be a phone number, is the session's too.
    private static func session(of row: AudienceRow, on channel: ChannelDescriptor?) -> String? {
        if let session = row["session"] { return session }
        guard channel?.capabilities.contains("receive") == true else { return nil }
        return row["id"] ?? row["phone"].flatMap(AudienceRow.canonicalPhone)
    }

    /// Why a channel cannot reach the recipient; `nil` when it can.
    static func problem(of row: AudienceRow, on channel: ChannelDescriptor) -> String? {
        if let problem = row.problem(on: channel.id) { return problem.description }
        let method = session(of: row, on: channel) == nil ? "open" : "reply"
        guard !channel.capabilities.contains(method) || isCustomer(channel) else { return nil }
        return "channel '\(channel.id)': "
            + (method == "open" || isCustomer(channel)
                ? refusal(of: channel) : "\(channel.platform.rawValue) cannot reply to a session")
    }

    /// Why a channel can reach nobody, however a row names them; `nil` when it depends on the row.
    static func problemOfAll(on channel: ChannelDescriptor) -> String? {
        let canWrite = !channel.capabilities.isDisjoint(with: ["open", "reply", "receive"])
        return canWrite && !isCustomer(channel) ? nil : "channel '\(channel.id)': " + refusal(of: channel)
    }

    /// Why a channel cannot start conversations; `nil` when it can.
    public static func problemOfOpening(on channel: ChannelDescriptor) -> String? {
        let canOpen = channel.capabilities.contains("open") || channel.capabilities.contains("receive")
        return canOpen && !isCustomer(channel) ? nil : refusal(of: channel)
    }

    /// Whether the host is one contact of the platform, whose conversations are all with the same business.
    private static func isCustomer(_ channel: ChannelDescriptor) -> Bool {
        channel.role == .client && [.chatwoot, .bevatel, .hoory].contains(channel.platform)
    }

    /// Why a channel cannot write first.
    static func refusal(of channel: ChannelDescriptor) -> String {
        guard !isCustomer(channel) else {
            return "in the client role the host is one customer of \(channel.platform.rawValue), who can write to the "
                + "business only; use a channel of the operator role"
        }
        return "\(channel.platform.rawValue) cannot start a conversation here; name sessions in the audience instead"
    }
}
