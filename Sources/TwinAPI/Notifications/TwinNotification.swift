public import EventJSON

/// A message to people who need not be in a session.
public struct TwinNotification: Hashable, Sendable {
    /// A way to reach somebody, and what is said there.
    public struct Channel: Hashable, Sendable {
        /// `sms`, `email`, `push`, `whatsapp`, `viber`, `telegram`, `vkontakte`, `odnoklassniki`, `chat`.
        public var name: String
        public var text: String
        public var provider: String?
        public var validityPeriod: Int?
        /// Whether it is used even if a channel before it succeeded.
        public var isRequired: Bool?
        /// What only this channel takes, by the platform's names: `subject`, `from`, `imageUrl`, `templateName`, …
        public var more: JSONObject

        public init(_ name: String, text: String, more: JSONObject = [:]) {
            self.name = name
            self.text = text
            self.more = more
        }
    }

    /// Somebody to reach; one of the fields is enough.
    public struct Destination: Hashable, Sendable {
        public var phone: String?
        public var email: String?
        public var clientID: String?
        public var externalID: String?
        public var chatSessionID: String?
        public var messengerUserID: String?
        public var pushRegistrationID: String?
        public var platform: String?
        /// For templates.
        public var variables: JSONObject?

        public init(phone: String? = nil, email: String? = nil, clientID: String? = nil) {
            self.phone = phone
            self.email = email
            self.clientID = clientID
        }
    }

    /// A time of the day, such as `09:00:00` to `21:00:00`.
    public struct TimeRange: Hashable, Sendable {
        public var from: String
        public var to: String

        public init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    public var destinations: [Destination]
    /// Tried in this order, the next only if those before failed.
    public var channels: [Channel]
    public var groupID: String?
    public var templateID: String?
    public var callbackURL: String?
    public var callbackData: JSON?
    public var usesShortLinks: Bool?
    public var isValidated: Bool?
    public var allowedTimeRanges: [TimeRange]
    public var sendAt: TwinTime?

    public init(to destinations: [Destination], by channels: [Channel]) {
        self.destinations = destinations
        self.channels = channels
        allowedTimeRanges = []
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("groupId", groupID)
        writer.member("templateId", templateID)
        writer.member("callbackUrl", callbackURL)
        writer.member("callbackData", callbackData)
        writer.member("useShortLinks", usesShortLinks)
        writer.member("validate", isValidated)
        if !allowedTimeRanges.isEmpty {
            writer.member(
                "allowedTimeRanges", JSON.array(allowedTimeRanges.map { [.string($0.from), .string($0.to)] }))
        }
        writer.member("sendAt", sendAt?.text)
        writer.key("destinations")
        writer.beginArray()
        for destination in destinations { destination.write(to: &writer) }
        writer.endArray()
        writer.object("channels") { writer in
            for channel in channels { channel.write(to: &writer) }
        }
        writer.endObject()
    }
}

extension TwinNotification.Channel {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.key(name: name)
        writer.beginObject()
        writer.member("provider", provider)
        writer.member("validityPeriod", validityPeriod)
        writer.member("text", text)
        writer.member("required", isRequired)
        for member in more {
            writer.key(name: member.key)
            writer.value(member.value)
        }
        writer.endObject()
    }
}

extension TwinNotification.Destination {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("phone", phone)
        writer.member("email", email)
        writer.member("clientId", clientID)
        writer.member("externalId", externalID)
        writer.member("chatSessionId", chatSessionID)
        writer.member("messengerUserId", messengerUserID)
        writer.member("pushRegistrationId", pushRegistrationID)
        writer.member("platform", platform)
        writer.member("variables", variables)
        writer.endObject()
    }
}
