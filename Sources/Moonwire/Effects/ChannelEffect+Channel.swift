extension ChannelEffect {
    /// Which sessions to list. A platform that cannot narrow a list by one of these says so.
    public struct SessionQuery: Sendable, Hashable {
        /// `open`, `pending`, `snoozed` or `closed`; `nil` for all.
        public var status: String?
        public var owner: Owner?
        /// By id or name.
        public var group: String?
        /// All of them.
        public var labels: [String]
        /// By the platform's id.
        public var client: String?
        /// What the platform's own search looks for.
        public var text: String?

        public init(
            status: String? = nil, owner: Owner? = nil, group: String? = nil, labels: [String] = [],
            client: String? = nil, text: String? = nil
        ) {
            self.status = status
            self.owner = owner
            self.group = group
            self.labels = labels
            self.client = client
            self.text = text
        }
    }

    /// Which clients to list.
    public struct ClientQuery: Sendable, Hashable {
        /// All of them.
        public var labels: [String]
        /// What the platform's own search looks for: names, numbers, addresses.
        public var text: String?

        public init(labels: [String] = [], text: String? = nil) {
            self.labels = labels
            self.text = text
        }
    }

    /// A conversation to start.
    public struct Opening: Sendable, Hashable {
        public enum Recipient: Sendable, Hashable {
            /// A client that the platform knows, by its id.
            case client(String)
            /// A person: the client that has the identifier, phone number or e-mail address, or a new one.
            case person(name: String?, phone: String?, email: String?, identifier: String?)
        }

        /// `nil` means the contact whose seat the channel has, as a client.
        public var recipient: Recipient?
        /// What the host says first.
        public var message: String?
        /// Whether the platform's own template marks in the message are meant.
        public var isTemplate: Bool
        /// Where: an inbox of Chatwoot or a chat of TWIN24, by id or name. `nil` where there is only one.
        public var inbox: String?
        /// Whether only the message matters and nobody waits for the session, so that a channel may bring it another
        /// way. Then there is no session to answer with.
        public var isNotice: Bool
        /// What else a notice's recipient is known by, for a way that has no use for the platform's id.
        public var otherwise: Recipient?

        public init(
            recipient: Recipient?, message: String? = nil, isTemplate: Bool = false, inbox: String? = nil,
            isNotice: Bool = false
        ) {
            self.recipient = recipient
            self.message = message
            self.isTemplate = isTemplate
            self.inbox = inbox
            self.isNotice = isNotice
        }
    }

    /// Whether new sessions come to the seat.
    public enum SeatStatus: String, Sendable, Hashable {
        case online
        /// Own sessions go on.
        case paused
    }

    /// A request that the channel has no method for.
    public struct PlatformRequest: Sendable, Hashable {
        /// `GET`, `HEAD`, `POST`, `PUT`, `PATCH` or `DELETE`.
        public var method: String
        /// Below the channel's own part of the platform's API, with a slash in front; may have a query.
        public var path: String
        public var body: RawJSON?

        public init(method: String, path: String, body: RawJSON? = nil) {
            self.method = method
            self.path = path
            self.body = body
        }

        var isRepeatable: Bool { method == "GET" || method == "HEAD" }

        /// What is wrong with the path; `nil` when it stays below the place that it is relative to.
        public static func problem(path: String) -> String? {
            guard path.hasPrefix("/"), !path.hasPrefix("//") else {
                return "must begin with one slash: it is relative to the channel's own API, never another host"
            }
            if path.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == 0x5C || $0 == 0x23 }) {
                return "has a space, a backslash, a # or a control character; write it percent-encoded"
            }
            let folders = path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
            let climbs = folders.contains { folder in
                let plain = folder.lowercased().replacing("%2e", with: ".")
                return plain == ".." || plain == "." || plain.contains("%2f") || plain.contains("%5c")
            }
            return climbs ? "must not have folders such as '..'" : nil
        }
    }
}
