internal import EventJSON

/// The user that an access token belongs to.
public struct ChatwootProfile: Hashable, Sendable {
    /// One account that the user is a member of.
    public struct Account: Hashable, Sendable {
        public let id: Int
        public let name: String
        /// `active` or `suspended`.
        public let status: String?
        public let role: String?
        public let permissions: [String]
        public let availability: ChatwootAvailability?
        public let goesOfflineByItself: Bool
    }

    public let id: Int
    public let name: String
    public let availableName: String?
    public let email: String?
    public let role: String?
    /// The account that the user looked at last.
    public let accountID: Int?
    public let accounts: [Account]
    /// Opens the user's realtime stream, for all accounts. Changes with the password.
    public let pubsubToken: ChatwootSecret?

    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        name = element.text("name") ?? ""
        availableName = element.filledText("available_name")
        email = element.filledText("email")
        role = element.filledText("role")
        accountID = element["account_id"]?.id
        accounts = element.list("accounts") { Account($0) }
        pubsubToken = element.secret("pubsub_token")
    }
}

extension ChatwootProfile.Account {
    init?(_ element: JSONElement) {
        guard let id = element["id"]?.id else { return nil }
        self.id = id
        name = element.text("name") ?? ""
        status = element.filledText("status")
        role = element.filledText("role")
        permissions = element.strings("permissions")
        availability = element.word("availability_status") ?? element.word("availability")
        goesOfflineByItself = element["auto_offline"]?.bool ?? true
    }
}
