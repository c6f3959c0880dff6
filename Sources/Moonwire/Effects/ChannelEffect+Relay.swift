extension ChannelEffect {
    /// A place on the map.
    public struct Place: Sendable, Hashable {
        public var latitude: Double
        public var longitude: Double
        public var address: String?

        public init(latitude: Double, longitude: Double, address: String? = nil) {
            self.latitude = latitude
            self.longitude = longitude
            self.address = address
        }
    }

    /// Something that was said outside of the platform and is told to it: by the customer, or by the business.
    public struct Relay: Sendable {
        /// The contact, as the channel names it.
        public var client: String
        public var reply: Reply
        /// `image`, `video`, `audio` or `file`; told from the upload's type or name without it.
        public var attachmentKind: String?
        /// What the platform is to know of the contact, as a JSON object.
        public var contact: RawJSON?
        /// The message's id, when the caller has one of its own.
        public var message: String?
        /// The provider's id: a repeat with the same one does nothing.
        public var providerID: String?
        /// Milliseconds since 1970; the moment of the effect without it.
        public var timestamp: Int64?
        /// Whether a text that is too long goes out in parts.
        public var splits = false

        public init(client: String, reply: Reply) {
            self.client = client
            self.reply = reply
        }
    }

    /// What became of a message that the platform sent through the channel.
    public struct Receipt: Sendable {
        /// The message's id; else the provider's, which was bound to it.
        public var message: String?
        public var providerID: String?
        /// `delivered`, `read` or `failed`.
        public var value: String
        /// Why it failed, for an agent.
        public var reason: String?

        public init(message: String?, providerID: String?, value: String, reason: String? = nil) {
            self.message = message
            self.providerID = providerID
            self.value = value
            self.reason = reason
        }
    }
}
