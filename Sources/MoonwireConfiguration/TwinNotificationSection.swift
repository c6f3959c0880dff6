public import EventJSON

/// How a channel of TWIN24 writes to people who wait for nothing: by the notification service.
public struct TwinNotificationSection: Sendable, Hashable {
    /// How the service wants phone numbers.
    public enum Phones: String, Sendable, CaseIterable { case digits, plus }

    /// A channel of the service, by its own name.
    public enum Kind: String, Sendable, CaseIterable {
        case sms, email, push, whatsapp, viber, telegram, vkontakte, odnoklassniki, chat
    }

    public struct Way: Sendable, Hashable {
        public var kind: Kind
        public var provider: String?
        /// How long the service tries, in its own unit: minutes.
        public var validityPeriod: Int?
        /// Whether it is used even if one before it succeeded.
        public var isRequired: Bool?
        /// What only this channel takes, by the service's names.
        public var options: JSONObject = [:]
        /// What goes with a message that is marked as a template, by the service's names.
        public var template: JSONObject?

        public init(_ kind: Kind) {
            self.kind = kind
        }
    }

    /// Tried in this order.
    public var ways: [Way]
    public var phones = Phones.digits
    /// Whether each message carries a group id of its own.
    public var marksGroups = true

    public init(_ ways: [Way]) {
        self.ways = ways
    }
}
