import Foundation

/// The database and the business rules of one installation.
///
/// Everything that a request may change lives here, behind one actor; what it changes is announced through
/// ``EventPublisher``. It knows nothing of HTTP and sockets.
actor ChatwootWorld {
    let publisher: EventPublisher
    /// Where links to files point; set once the port is known.
    var baseURL = ""
    let clock: @Sendable () -> Date
    /// Messages that one conversation takes in a minute; 0 for no limit.
    let floodLimit: @Sendable () -> Int

    var accounts: [Int: Account] = [:]
    var inboxes: [Int: Inbox] = [:]
    var inboxIDs: [String: Int] = [:]
    var users: [Int: User] = [:]
    var bots: [Int: AgentBot] = [:]
    var teams: [Int: Team] = [:]
    var contacts: [Int: Contact] = [:]
    var contactInboxes: [Int: ContactInbox] = [:]
    var contactInboxIDs: [SessionKey: Int] = [:]
    var contactInboxIDsByToken: [String: Int] = [:]
    var contactInboxIDsByContact: [Int: [Int]] = [:]
    var conversations: [ConversationKey: Conversation] = [:]
    var conversationsByInternalID: [Int: Conversation] = [:]
    var conversationsByContactInbox: [Int: [Conversation]] = [:]
    var conversationsByUUID: [String: Conversation] = [:]
    var messages: [Int: Message] = [:]
    var attachments: [String: Attachment] = [:]
    var counters = WorldCounters()
    var waiters: [MessageWaiter] = []

    private var lastIDs: [String: Int] = [:]
    private var tokens: TokenSource

    struct SessionKey: Hashable {
        let inbox: Int
        let sourceID: String
    }

    struct ConversationKey: Hashable {
        let account: Int
        let displayID: Int
    }

    init(
        publisher: EventPublisher, seed: UInt64, floodLimit: @escaping @Sendable () -> Int,
        clock: @escaping @Sendable () -> Date
    ) {
        self.publisher = publisher
        self.floodLimit = floodLimit
        self.clock = clock
        tokens = TokenSource(seed: seed)
    }

    var now: Date { clock() }

    func setBaseURL(_ url: String) { baseURL = url }

    /// The next id of a table; the first is well above zero so that ids of different tables rarely coincide.
    func nextID(_ table: String, after first: Int) -> Int {
        let id = (lastIDs[table] ?? first) + 1
        lastIDs[table] = id
        return id
    }

    /// A fresh token of 24 letters and digits, as the platform makes them.
    func makeToken() -> String { tokens.token() }

    func makeUUID() -> String { tokens.uuid() }

    /// Forgets all that was written and starts again from the demo world; open sockets keep their subscriptions.
    func reset() {
        failWaiters()
        accounts = [:]
        inboxes = [:]
        inboxIDs = [:]
        users = [:]
        bots = [:]
        teams = [:]
        contacts = [:]
        contactInboxes = [:]
        contactInboxIDs = [:]
        contactInboxIDsByToken = [:]
        contactInboxIDsByContact = [:]
        conversations = [:]
        conversationsByInternalID = [:]
        conversationsByContactInbox = [:]
        conversationsByUUID = [:]
        messages = [:]
        attachments = [:]
        counters = WorldCounters()
        populate()
    }
}
