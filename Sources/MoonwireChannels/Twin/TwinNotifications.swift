public import EventJSON
import Moonwire
public import TwinAPI

/// How the notification service reaches people who are in no session of the seat.
public struct TwinNotifications: Sendable, Hashable {
    /// How the service wants phone numbers; what it takes is not published.
    public enum PhoneForm: String, Sendable, CaseIterable {
        case digits
        /// With a plus in front.
        case plus
    }

    /// One way, tried when those before it failed.
    public struct Way: Sendable, Hashable {
        /// Its name and options; the message gives the text.
        public var channel: TwinNotification.Channel
        /// What goes with a message that is marked as a template. In its texts `{text}` stands for the message.
        public var template: JSONObject?

        public init(_ channel: TwinNotification.Channel, template: JSONObject? = nil) {
            self.channel = channel
            self.template = template
        }
    }

    /// In the order in which they are tried.
    public var ways: [Way]
    public var phones = PhoneForm.digits
    /// Whether each message carries a group id of its own, by which it is found when its answer was lost.
    public var marksGroups = true

    public init(_ ways: [Way]) {
        self.ways = ways
    }

    /// Whether somebody can be written to by the session alone.
    var reachesSessions: Bool { ways.contains { $0.channel.name == "chat" } }
}

/// Somebody to notify, and of what.
struct TwinNotice: Sendable {
    enum Recipient: Sendable {
        case person(ChannelEffect.Opening.Recipient, otherwise: ChannelEffect.Opening.Recipient?)
        case session(String)
    }

    let recipient: Recipient
    let text: String
    let isTemplate: Bool
    /// The chat in which a session begins, by id; nil for the configured one.
    var chat: String?
}

extension TwinNotifications {
    /// What to send.
    ///
    /// - Throws: `invalid` for what cannot be said, or to whom.
    func notification(of notice: TwinNotice) throws(ChannelError) -> TwinNotification {
        guard !notice.text.isEmpty else { throw ChannelError.invalid("a notification needs a text") }
        let destination = try destination(of: notice.recipient)
        let reachable = ways.filter { destination.isWithin(reachOf: $0.channel.name) }
        guard !reachable.isEmpty else {
            let names = ways.map(\.channel.name).joined(separator: ", ")
            throw ChannelError.invalid(
                "by \(names) nobody is reached who is known by \(destination.words) only; name more in the audience, or "
                    + "add a channel to 'notifications'")
        }
        if notice.isTemplate, !reachable.contains(where: { $0.template != nil }) {
            throw ChannelError.invalid(
                "the message is a template, and 'notifications' has no whatsapp with a 'template_name' for it")
        }
        if notice.chat != nil, !reachable.contains(where: { $0.channel.name == "chat" }) {
            throw ChannelError.invalid(
                "the broadcast names an inbox, and 'notifications' has no chat that could begin there")
        }
        return TwinNotification(to: [destination], by: reachable.map { $0.channel(for: notice) })
    }

    private func destination(of recipient: TwinNotice.Recipient) throws(ChannelError) -> TwinNotification.Destination {
        var destination = TwinNotification.Destination()
        switch recipient {
        case .session(let id): destination.chatSessionID = id
        case .person(let first, let second):
            add(first, to: &destination)
            if let second { add(second, to: &destination) }
        }
        guard destination.words.isEmpty == false else {
            throw ChannelError.invalid("the recipient has neither phone, e-mail, identifier nor id")
        }
        return destination
    }
}

extension TwinNotifications {
    private func add(_ recipient: ChannelEffect.Opening.Recipient, to destination: inout TwinNotification.Destination) {
        switch recipient {
        case .client(let id): destination.clientID = id
        case .person(_, let phone, let email, let identifier):
            destination.phone = phone.map { phones == .plus ? $0 : String($0.drop { $0 == "+" }) }
            destination.email = email
            destination.externalID = identifier
        }
    }
}

extension TwinNotifications.Way {
    fileprivate func channel(for notice: TwinNotice) -> TwinNotification.Channel {
        var channel = channel
        channel.text = notice.text
        if let chat = notice.chat, channel.name == "chat" { channel.more["chatId"] = .string(chat) }
        guard notice.isTemplate, let template else { return channel }
        for member in template.members {
            channel.more[member.key] = member.value.replacing("{text}", with: notice.text)
        }
        return channel
    }
}

extension TwinNotification.Destination {
    /// What somebody is known by, for a person.
    fileprivate var words: String {
        let known = [
            ("phone", phone), ("e-mail", email), ("id", clientID), ("identifier", externalID),
            ("session", chatSessionID),
        ]
        return known.filter { $0.1?.isEmpty == false }.map(\.0).joined(separator: " and ")
    }

    /// Whether the channel may reach them. Whom the platform knows by an id may have any address there.
    fileprivate func isWithin(reachOf channel: String) -> Bool {
        if chatSessionID != nil { return channel == "chat" }
        if clientID != nil || externalID != nil { return true }
        switch channel {
        case "sms", "viber", "whatsapp": return phone != nil
        case "email": return email != nil
        default: return true
        }
    }
}

extension JSON {
    /// The same tree with a part of its texts replaced.
    fileprivate func replacing(_ part: String, with text: String) -> JSON {
        switch self {
        case .string(let whole): return .string(whole.replacing(part, with: text))
        case .array(let items): return .array(items.map { $0.replacing(part, with: text) })
        case .object(let members):
            var object = JSONObject()
            for member in members { object.append(member.key, member.value.replacing(part, with: text)) }
            return .object(object)
        default: return self
        }
    }
}
