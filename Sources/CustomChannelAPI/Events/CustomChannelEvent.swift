internal import EventJSON

/// One thing that the platform is told about one contact: a post's whole body.
public struct CustomChannelEvent: Hashable, Sendable {
    public enum Content: Hashable, Sendable {
        /// The customer wrote.
        case message(CustomChannelMessage)
        /// The business wrote from outside of the platform: shown, and not sent to anybody.
        case echo(CustomChannelMessage)
        /// What became of a message that the platform sent.
        case receipt(CustomChannelReceipt)
    }

    /// The channel-side address of the customer, also in an echo.
    public var contactID: String
    public var content: Content
    /// Unique; the same in every repeat. A receipt names the message that it is about.
    public var mID: CustomChannelMessageID
    /// Milliseconds since 1970: when it happened.
    public var timestamp: Int64
    /// Goes with a contact's first message and with changes.
    public var contact: CustomChannelContact?

    public init(
        contactID: String, _ content: Content, mID: CustomChannelMessageID, timestamp: Int64,
        contact: CustomChannelContact? = nil
    ) {
        self.contactID = contactID
        self.content = content
        self.mID = mID
        self.timestamp = timestamp
        self.contact = contact
    }

    /// Holds the event to the limits of the protocol.
    ///
    /// - Parameter now: Milliseconds since 1970.
    public func check(_ idType: CustomChannelIDType, now: Int64) throws(CustomChannelError) {
        let normalized = try idType.normalized(contactID)
        guard normalized == contactID else { throw .invalid("contactId", "must be written \(normalized)") }
        try mID.check()
        guard timestamp >= CustomChannelLimits.earliest else {
            throw .invalid(
                "events[0].timestamp", "must be milliseconds since 1970; \(timestamp) looks like seconds")
        }
        guard timestamp <= now + CustomChannelLimits.ahead else {
            throw .invalid("events[0].timestamp", "lies more than 5 minutes ahead of the clock (milliseconds)")
        }
        switch content {
        case .message(let message): try message.check()
        case .echo(let message):
            try message.check()
            guard mID.kind != .outgoing else {
                throw .invalid("events[0].mId", "is of a message that the platform sent, which it has already")
            }
        case .receipt: break
        }
        try contact?.check()
    }

    /// The body of the post.
    public func body(channelID: String) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512)
        writer.beginObject()
        writer.member("channelId", channelID)
        writer.member("contactId", contactID)
        writer.key("events")
        writer.beginArray()
        writer.beginObject()
        writer.member("type", type)
        writer.member("mId", mID.rawValue)
        writer.key("timestamp")
        writer.value(timestamp)
        switch content {
        case .message(let message), .echo(let message):
            writer.key("message")
            message.write(to: &writer)
        case .receipt(let receipt):
            writer.object("status") { writer in
                writer.member("value", receipt.value.rawValue)
                if case .failed(let reason?) = receipt {
                    writer.filled("message", CustomChannelAnswer.sentence(reason))
                }
            }
        }
        writer.endObject()
        writer.endArray()
        if let contact, !contact.isEmpty {
            writer.key("contact")
            contact.write(to: &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    /// The wire's word.
    public var type: String {
        switch content {
        case .message: "message"
        case .echo: "message_echo"
        case .receipt: "message_status"
        }
    }
}
