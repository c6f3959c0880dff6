/// What a channel can tell of the operators' side of its platform, read with the host's own credential.
///
/// A page that says which session it shows proves nothing by that: here it is looked up.
public protocol OperatorDesk: Sendable {
    /// The account that the channel's sessions belong to, as the platform writes it.
    var account: String { get }

    /// A session as it is now; `nil` when the account has none of that id, or not in the inboxes of the channel.
    func deskSession(_ id: String) async throws(ChannelError) -> DeskSession?

    /// Everybody who works in the account.
    func deskOperators() async throws(ChannelError) -> [Operator]

    /// The groups that a session can be given to; on Chatwoot its teams.
    func deskGroups() async throws(ChannelError) -> [String]

    /// Whose access token of the platform this is; `nil` when it is nobody's of the account.
    func deskOwner(ofToken token: String) async throws(ChannelError) -> Operator?
}

/// A session with what identifies it on its platform.
public struct DeskSession: Sendable {
    public let session: Session
    public let account: String?
    public let inbox: String?

    public init(session: Session, account: String?, inbox: String?) {
        self.session = session
        self.account = account
        self.inbox = inbox
    }
}
