public import EventJSON

/// What a journaled body lacks to be an event.
public struct EventBodyError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

extension Event {
    /// Reads back what `EventBody.journalBytes` wrote. Fields that a later release added are ignored.
    ///
    /// - Throws: `EventBodyError` for a body without name, channel or role; `JSONError` for bytes that are no JSON.
    public init(journalBytes: [UInt8], key: String?, parser: JSONParser) throws {
        self = try parser.parse(journalBytes) { root in
            guard let event = root["event"], let name = event["name"]?.string,
                let channel = event["channel"]?.string, let role = event["role"]?.string.flatMap(Role.init(rawValue:))
            else { throw EventBodyError(description: "a journaled event without name, channel or role") }
            let client = root["client"].map(Client.init(journaled:))
            let channelID = ChannelID(channel)
            let session = root["session"].map { element in
                Session(
                    journaled: element, channel: channelID, client: client,
                    operator: root["operator"].map(Operator.init(journaled:)))
            }
            return Event(
                name: name, native: event["native"]?.string ?? "", key: key, id: event["id"]?.string ?? "",
                at: Instant(seconds: event["at"]?.double ?? 0), channel: channelID,
                platform: Platform(rawValue: event["platform"]?.string ?? ""), role: role,
                from: event["from"]?.string.flatMap(Speaker.init(rawValue:)), session: session,
                client: session == nil ? client : nil, message: root["message"].map(Message.init(journaled:)),
                late: event["late"]?.int, raw: root["raw"].map(RawJSON.init(copying:)) ?? .null)
        }
    }
}

extension Session {
    /// Reads a session with its client and operator, as an outcome keeps it.
    public init(journalBytes: [UInt8], parser: JSONParser) throws {
        self = try parser.parse(journalBytes) { root in
            guard let session = root["session"], let channel = session["channel"]?.string
            else { throw EventBodyError(description: "a journaled session without channel") }
            return Session(
                journaled: session, channel: ChannelID(channel), client: root["client"].map(Client.init(journaled:)),
                operator: root["operator"].map(Operator.init(journaled:)))
        }
    }

    /// One JSON object with the session, its client and its operator.
    public var journalBytes: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.key("session")
        writer.raw(EventBody.encode(self).bytes)
        if let client {
            writer.key("client")
            writer.raw(EventBody.encode(client).bytes)
        }
        if let `operator` {
            writer.key("operator")
            writer.raw(EventBody.encode(`operator`).bytes)
        }
        writer.endObject()
        return writer.bytes
    }

    fileprivate init(journaled element: JSONElement, channel: ChannelID, client: Client?, operator: Operator?) {
        self.init(
            id: SessionID(channel: channel, id: element["id"]?.string ?? ""),
            status: element["status"]?.string ?? "open",
            owner: element["owner"]?.string.flatMap(Owner.init(rawValue:)) ?? .queue, client: client,
            operator: `operator`, group: element["group"]?.string,
            labels: element["labels"]?.elements.compactMap(\.string) ?? [],
            attrs: element["attrs"].map(RawJSON.init(copying:)) ?? .emptyObject)
    }
}

extension Client {
    fileprivate init(journaled element: JSONElement) {
        self.init(
            id: element["id"]?.string ?? "", name: element["name"]?.string, phone: element["phone"]?.string,
            email: element["email"]?.string, identifier: element["identifier"]?.string,
            language: element["language"]?.string, tz: element["tz"]?.string,
            attrs: element["attrs"].map(RawJSON.init(copying:)) ?? .emptyObject, isOnline: element["online"]?.bool)
    }
}

extension Operator {
    fileprivate init(journaled element: JSONElement) {
        self.init(
            id: element["id"]?.string ?? "", name: element["name"]?.string, email: element["email"]?.string)
    }
}

extension Message {
    fileprivate init(journaled element: JSONElement) {
        self.init(
            id: element["id"]?.string ?? "", text: element["text"]?.string ?? "",
            at: Instant(seconds: element["at"]?.double ?? 0),
            from: element["from"]?.string.flatMap(Speaker.init(rawValue:)) ?? .bot,
            contentType: element["content_type"]?.string ?? "text",
            attachments: element["attachments"]?.elements.map(Attachment.init(journaled:)) ?? [],
            quickReplies: element["quick_replies"]?.elements.map { item in
                QuickReply(title: item["title"]?.string ?? "", value: item["value"]?.string ?? "")
            } ?? [],
            submittedValues: element["submitted_values"].map(RawJSON.init(copying:)),
            replyTo: element["reply_to"]?.string, isPrivate: element["private"]?.bool ?? false,
            isDeleted: element["deleted"]?.bool ?? false)
    }
}

extension Attachment {
    fileprivate init(journaled element: JSONElement) {
        self.init(
            id: element["id"]?.string ?? "", kind: element["kind"]?.string ?? "file", url: element["url"]?.string,
            name: element["name"]?.string, mime: element["mime"]?.string, size: element["size"]?.int.map(Int64.init),
            latitude: element["latitude"]?.double, longitude: element["longitude"]?.double)
    }
}

extension RawJSON {
    /// Copies one value out of a parsed document.
    public init(copying element: JSONElement) {
        var writer = JSONWriter()
        element.write(to: &writer)
        self.init(validated: writer.bytes)
    }
}
