/// What a script can ask a platform to do.
public enum ChannelEffect: Sendable {
    case reply(Reply)
    case typing(Typing)
    case markRead
    case transfer(Transfer)
    /// Ends the session, with one of the results of its chat where the platform keeps results.
    case close(result: String? = nil)
    case reopen
    case label(add: [String])
    case unlabel(remove: [String])
    /// Sets the session's custom attributes; the others stay.
    case set(attributes: RawJSON)
    /// Reads messages, newest last.
    case messages(limit: Int, before: String?)
    /// Reads the session anew.
    case refresh
    /// Answers a form, buttons or a survey (client role).
    case submit(message: String, values: RawJSON)
    case updateClient(ClientUpdate)
    /// Takes a session that nobody has; the value says whether it is the host's now.
    case take
    case rename(String)
    /// Changes the text of a message of the host's own.
    case edit(message: String, text: String)
    /// Deletes a message of the host's own.
    case delete(message: String)
    case ban(client: String, reason: String?)
    case unban(client: String)
    /// Reads messages of a client over all sessions, newest last.
    case clientMessages(client: String, limit: Int, before: String?)
    /// Reads one page of sessions. The value is a `ListPage`; the cursor is the one that the page before gave.
    case sessions(SessionQuery, cursor: String?)
    /// Reads one page of clients, likewise.
    case clients(ClientQuery, cursor: String?)
    /// Starts a conversation. The value is its session, as `Session.journalBytes` writes it.
    case open(Opening)
    /// Reads the operators: a list of objects with `id` and, where known, `name`, `email` and `status`.
    case operators
    /// Reads the groups: a list of objects with `id` and `name`.
    case groups
    /// Reads whose seat the channel has: one of the objects that `operators` gives.
    case me
    /// Tells the platform whether new sessions may come.
    case status(SeatStatus)
    /// A request of the platform's own API, with the channel's credential. The value has `status` and `body`.
    case request(PlatformRequest)
    /// Tells the platform what the customer wrote elsewhere.
    case receive(Relay)
    /// Tells the platform what the business said elsewhere; the customer does not get it.
    case echo(Relay)
    /// Tells the platform what became of its message. The value says whether it was news.
    case receipt(Receipt)
    /// Tells the platform that its message cannot be delivered.
    case fail(message: String, reason: String)
    /// Remembers the provider's id of a message of the platform, for receipts.
    case bind(message: String, providerID: String)

    /// A message, a note, buttons or files.
    public struct Reply: Sendable {
        public var text: String
        public var isPrivate: Bool
        public var quickReplies: [QuickReply]
        /// Whether a platform without buttons must refuse, instead of showing a numbered list.
        public var strictQuickReplies: Bool
        public var attachments: [Upload]
        public var replyTo: String?
        /// Whether the platform's own template marks in the text are meant.
        public var isTemplate: Bool
        /// A place to send, on a platform that has places.
        public var place: Place?
        /// Whether the message is no answer, so that a channel may bring it another way where the session is not its own.
        public var isNotice: Bool

        public init(
            text: String, isPrivate: Bool = false, quickReplies: [QuickReply] = [], strictQuickReplies: Bool = false,
            attachments: [Upload] = [], replyTo: String? = nil, isTemplate: Bool = false, isNotice: Bool = false
        ) {
            self.text = text
            self.isPrivate = isPrivate
            self.quickReplies = quickReplies
            self.strictQuickReplies = strictQuickReplies
            self.attachments = attachments
            self.replyTo = replyTo
            self.isTemplate = isTemplate
            self.isNotice = isNotice
        }
    }

    /// A file to send, by path, by address or by content.
    public struct Upload: Sendable {
        public enum Source: Sendable {
            /// An absolute path; read at the moment of sending.
            case file(path: String)
            case url(String)
            case data([UInt8])
        }

        public var source: Source
        public var name: String?
        public var mime: String?

        public init(source: Source, name: String? = nil, mime: String? = nil) {
            self.source = source
            self.name = name
            self.mime = mime
        }
    }

    public struct Typing: Sendable {
        /// How long the sign stays; `nil` until the next message.
        public var duration: Duration?
        public var isOn: Bool

        public init(isOn: Bool, duration: Duration? = nil) {
            self.isOn = isOn
            self.duration = duration
        }
    }

    public struct Transfer: Sendable {
        public enum Target: Sendable {
            /// By id, e-mail or name.
            case `operator`(String)
            /// By id or name; on Chatwoot a team.
            case group(String)
            case queue
        }

        public var target: Target
        /// A note for the agent; left out where the platform has none.
        public var note: String?

        public init(target: Target, note: String? = nil) {
            self.target = target
            self.note = note
        }
    }

    public struct ClientUpdate: Sendable {
        public var client: String
        public var name: String?
        public var phone: String?
        public var email: String?
        public var attributes: RawJSON?

        public init(
            client: String, name: String? = nil, phone: String? = nil, email: String? = nil,
            attributes: RawJSON? = nil
        ) {
            self.client = client
            self.name = name
            self.phone = phone
            self.email = email
            self.attributes = attributes
        }
    }

    /// The method's name as scripts write it, for `session:can` and for messages to people.
    public var method: String {
        switch self {
        case .reply(let reply):
            if reply.place != nil { return "location" }
            if !reply.attachments.isEmpty { return "attach" }
            if !reply.quickReplies.isEmpty { return "quick_replies" }
            return reply.isPrivate ? "note" : "reply"
        case .typing: return "typing"
        case .markRead: return "mark_read"
        case .transfer: return "transfer"
        case .close: return "close"
        case .reopen: return "reopen"
        case .label: return "label"
        case .unlabel: return "unlabel"
        case .set: return "set"
        case .messages: return "messages"
        case .refresh: return "refresh"
        case .submit: return "submit"
        case .updateClient: return "update"
        case .take: return "take"
        case .rename: return "rename"
        case .edit: return "edit"
        case .delete: return "delete"
        case .ban: return "ban"
        case .unban: return "unban"
        case .clientMessages: return "client_messages"
        case .sessions: return "sessions"
        case .clients: return "clients"
        case .open: return "open"
        case .operators: return "operators"
        case .groups: return "groups"
        case .me: return "me"
        case .status(let status): return status == .online ? "online" : "pause"
        case .request: return "request"
        case .receive: return "receive"
        case .echo: return "echo"
        case .receipt: return "receipt"
        case .fail: return "fail"
        case .bind: return "bind"
        }
    }

    /// Whether it is about the channel as a whole: the session of its delivery only says in which order it goes, and may
    /// be any.
    public var isOfChannel: Bool {
        switch self {
        case .sessions, .clients, .open, .operators, .groups, .me, .status, .request: true
        default: false
        }
    }

    /// Whether doing it twice leaves the platform as doing it once does.
    public var isRepeatable: Bool {
        switch self {
        case .reply, .transfer, .open: false
        case .request(let request): request.isRepeatable
        default: true
        }
    }

    /// Whether the client of a known session sees a message for it, which the loop guard counts.
    public var speaks: Bool {
        switch self {
        case .reply(let reply): !reply.isPrivate
        case .receive: true
        default: false
        }
    }
}
