import EventJSON

/// An event as bytes: what the journal stores and what scripts read, so that a live run and its replay see the same.
///
/// Each part is a JSON object of its own, because scripts see each as an object of its own.
public struct EventBody: Sendable {
    /// Name, ids and times.
    public let event: RawJSON
    public let message: RawJSON?
    public let session: RawJSON?
    public let client: RawJSON?
    public let `operator`: RawJSON?
    public let raw: RawJSON

    public init(_ event: Event) {
        self.event = Self.encode(event)
        message = event.message.map(Self.encode)
        session = event.session.map(Self.encode)
        client = (event.session?.client ?? event.client).map(Self.encode)
        `operator` = event.session?.operator.map(Self.encode)
        raw = event.raw
    }

    /// One JSON object with all parts.
    public var journalBytes: [UInt8] {
        let capacity =
            event.bytes.count + (message?.bytes.count ?? 0) + (session?.bytes.count ?? 0)
            + (client?.bytes.count ?? 0) + raw.bytes.count + 96
        var writer = JSONWriter(reservingCapacity: capacity)
        writer.beginObject()
        writer.key("event")
        writer.raw(event.bytes)
        if let message {
            writer.key("message")
            writer.raw(message.bytes)
        }
        if let session {
            writer.key("session")
            writer.raw(session.bytes)
        }
        if let client {
            writer.key("client")
            writer.raw(client.bytes)
        }
        if let `operator` {
            writer.key("operator")
            writer.raw(`operator`.bytes)
        }
        writer.key("raw")
        writer.raw(raw.bytes)
        writer.endObject()
        return writer.bytes
    }
}

extension EventBody {
    private static func encode(_ event: Event) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 224)
        writer.beginObject()
        writer.key("name")
        writer.value(event.name)
        writer.key("id")
        writer.value(event.id)
        writer.key("at")
        writer.value(event.at.seconds)
        writer.key("channel")
        writer.value(event.channel.rawValue)
        writer.key("platform")
        writer.value(event.platform.rawValue)
        writer.key("role")
        writer.value(event.role.rawValue)
        writer.key("native")
        writer.value(event.native)
        if let from = event.from {
            writer.key("from")
            writer.value(from.rawValue)
        }
        if let late = event.late {
            writer.key("late")
            writer.value(late)
        }
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }

    /// A message as scripts see it.
    public static func encode(_ message: Message) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 192 + message.text.utf8.count)
        writer.beginObject()
        writer.key("id")
        writer.value(message.id)
        writer.key("text")
        writer.value(message.text)
        writer.key("at")
        writer.value(message.at.seconds)
        writer.key("from")
        writer.value(message.from.rawValue)
        writer.key("content_type")
        writer.value(message.contentType)
        writer.key("private")
        writer.value(message.isPrivate)
        writer.key("deleted")
        writer.value(message.isDeleted)
        writer.key("attachments")
        writer.beginArray()
        for attachment in message.attachments { encode(attachment, to: &writer) }
        writer.endArray()
        writer.key("quick_replies")
        writer.beginArray()
        for reply in message.quickReplies {
            writer.beginObject()
            writer.key("title")
            writer.value(reply.title)
            writer.key("value")
            writer.value(reply.value)
            writer.endObject()
        }
        writer.endArray()
        if let values = message.submittedValues {
            writer.key("submitted_values")
            writer.raw(values.bytes)
        }
        if let replyTo = message.replyTo {
            writer.key("reply_to")
            writer.value(replyTo)
        }
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }

    private static func encode(_ attachment: Attachment, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.value(attachment.id)
        writer.key("kind")
        writer.value(attachment.kind)
        writer.optional("url", attachment.url)
        writer.optional("name", attachment.name)
        writer.optional("mime", attachment.mime)
        if let size = attachment.size {
            writer.key("size")
            writer.value(size)
        }
        if let latitude = attachment.latitude, let longitude = attachment.longitude {
            writer.key("latitude")
            writer.value(latitude)
            writer.key("longitude")
            writer.value(longitude)
        }
        writer.endObject()
    }

    /// A session's own fields; its client and operator are parts of their own.
    public static func encode(_ session: Session) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 160 + session.attrs.bytes.count)
        writer.beginObject()
        writer.key("id")
        writer.value(session.id.id)
        writer.key("channel")
        writer.value(session.id.channel.rawValue)
        writer.key("status")
        writer.value(session.status)
        writer.key("owner")
        writer.value(session.owner.rawValue)
        writer.optional("group", session.group)
        writer.key("labels")
        writer.beginArray()
        for label in session.labels { writer.value(label) }
        writer.endArray()
        writer.key("attrs")
        writer.raw(session.attrs.bytes)
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }

    /// A client as scripts see it.
    public static func encode(_ client: Client) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 160 + client.attrs.bytes.count)
        writer.beginObject()
        writer.key("id")
        writer.value(client.id)
        writer.optional("name", client.name)
        writer.optional("phone", client.phone)
        writer.optional("email", client.email)
        writer.optional("identifier", client.identifier)
        writer.optional("language", client.language)
        writer.optional("tz", client.tz)
        writer.key("attrs")
        writer.raw(client.attrs.bytes)
        if let isOnline = client.isOnline {
            writer.key("online")
            writer.value(isOnline)
        }
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }

    /// An operator as scripts see it.
    public static func encode(_ operator: Operator) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 64)
        writer.beginObject()
        writer.key("id")
        writer.value(`operator`.id)
        writer.optional("name", `operator`.name)
        writer.optional("email", `operator`.email)
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }
}

extension JSONWriter {
    fileprivate mutating func optional(_ key: StaticString, _ text: String?) {
        guard let text else { return }
        self.key(key)
        value(text)
    }
}
