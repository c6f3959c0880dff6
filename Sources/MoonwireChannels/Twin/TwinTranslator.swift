import EventJSON
import Moonwire
import TwinAPI

/// Turns the platform's sessions and messages into the host's words. Pure.
struct TwinTranslator: Sendable {
    let channel: ChannelID
    let closedStatuses: Set<String>

    init(channel: ChannelID, closedStatuses: Set<String>) {
        self.channel = channel
        self.closedStatuses = Set(closedStatuses.map { $0.lowercased() })
    }

    func event(
        _ name: String, native: String, key: String?, id: String, at: Instant, raw: [UInt8] = []
    ) -> Event {
        Event(
            name: name, native: native, key: key, id: id, at: at, channel: channel, platform: .twin24,
            role: .operator, raw: raw.isEmpty ? .null : RawJSON(validated: raw))
    }

    func isClosed(_ view: TwinSession) -> Bool {
        view.closedAt != nil || view.status.map { closedStatuses.contains($0.rawValue.lowercased()) } ?? false
    }

    /// Who is in charge by a view that says so.
    func owner(of view: TwinSession, me: String) -> Owner {
        if view.isHeld(by: me) { return .bot }
        if view.operatorType == .bot { return .platformBot }
        return view.operatorID == nil ? .queue : .operator
    }

    /// The session of a view; what the view leaves out is as it was.
    func session(_ view: TwinSession, known: Session?, owner: Owner, isReturned: Bool = false) -> Session {
        var session =
            known ?? Session(id: SessionID(channel: channel, id: view.id), status: "open", owner: owner)
        session.owner = owner
        session.status = isClosed(view) ? "closed" : "open"
        if let id = view.client.id {
            var client = session.client?.id == id ? session.client ?? Client(id: id) : Client(id: id)
            client.name = client.name ?? view.name
            client.phone = view.client.whatsappPhone ?? client.phone
            client.identifier = view.client.externalID ?? client.identifier
            client.tz = view.client.place?.timeZone ?? client.tz
            client.isOnline = isOnline(view.client) ?? client.isOnline
            session.client = client
        }
        if view.saysOperator {
            session.operator = view.operatorID.map { Operator(id: $0, name: view.operatorName) }
        }
        if !view.tags.isEmpty { session.labels = view.tags }
        if view.chatID != nil || isReturned { session.attrs = attributes(view, isReturned) }
        return session
    }

    private func isOnline(_ client: TwinSessionClient) -> Bool? {
        guard client.onlineAt != nil || client.offlineAt != nil else { return nil }
        return (client.onlineAt?.secondsSince1970 ?? 0) >= (client.offlineAt?.secondsSince1970 ?? 0)
    }

    private func attributes(_ view: TwinSession, _ isReturned: Bool) -> RawJSON {
        var writer = JSONWriter()
        writer.beginObject()
        let texts = [
            ("name", view.name), ("chat", view.chatID), ("channel", view.channel?.rawValue),
            ("messenger", view.messengerType?.rawValue), ("referer", view.client.referer),
        ]
        for (key, text) in texts {
            guard let text else { continue }
            writer.key(name: key)
            writer.value(text)
        }
        if isReturned {
            writer.key("returned")
            writer.value(true)
        }
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }

    /// Who wrote a message, seen from the seat. Whoever cannot be told is no client.
    func speaker(of message: TwinMessage, me: String, client: String?) -> Speaker {
        if message.authorType == .client { return .client }
        if message.authorType == .operator { return message.authorID == me ? .own : .operator }
        if message.authorType == .bot { return .bot }
        return message.authorID != nil && message.authorID == client ? .client : .bot
    }

    func message(_ message: TwinMessage, from: Speaker) -> Message {
        Message(
            id: message.id, text: message.body ?? "", at: instant(message.createdAt), from: from,
            contentType: message.type.map { $0.rawValue.lowercased() == "regular" ? "text" : $0.rawValue } ?? "text",
            attachments: message.attachments.map(attachment), quickReplies: message.answers.compactMap(quickReply),
            replyTo: message.replyTo?.id)
    }

    private func quickReply(_ answer: JSON) -> QuickReply? {
        let title = answer.string ?? answer["text"]?.string ?? answer["title"]?.string ?? answer["name"]?.string
        return title.map { QuickReply(title: $0, value: answer["value"]?.string ?? $0) }
    }

    private func attachment(_ file: TwinStoredFile) -> Attachment {
        let kind = file.contentType?.split(separator: "/").first.map(String.init) ?? "file"
        return Attachment(
            id: file.id ?? "", kind: ["image", "audio", "video"].contains(kind) ? kind : "file",
            url: file.downloadLink ?? file.url, name: file.baseName ?? file.name, mime: file.contentType,
            size: file.size.map(Int64.init))
    }

    func instant(_ time: TwinTime?, else fallback: Instant = Instant(milliseconds: 0)) -> Instant {
        time.map { Instant(seconds: $0.secondsSince1970) } ?? fallback
    }

    func time(_ instant: Instant) -> TwinTime { TwinTime(secondsSince1970: instant.seconds) }

    /// A list of messages as scripts get it.
    func list(_ messages: some Sequence<TwinMessage>, me: String, client: String?) -> RawJSON {
        var writer = JSONWriter()
        writer.beginArray()
        for message in messages {
            let from = speaker(of: message, me: me, client: client)
            writer.raw(EventBody.encode(self.message(message, from: from)).bytes)
        }
        writer.endArray()
        return RawJSON(validated: writer.bytes)
    }
}
