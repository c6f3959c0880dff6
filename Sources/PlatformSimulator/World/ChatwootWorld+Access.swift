/// Who a request of the operator API comes from.
enum Caller: Sendable {
    case user(Int)
    case bot(Int)

    var performer: Performer {
        switch self {
        case .user(let id): .user(id)
        case .bot(let id): .bot(id)
        }
    }

    var userID: Int? {
        if case .user(let id) = self { id } else { nil }
    }
}

/// Tokens, roles and what they open.
extension ChatwootWorld {
    /// The owner of an access token.
    func caller(token: String) -> Caller? {
        if let user = users.values.first(where: { $0.accessToken == token }) { return .user(user.id) }
        return bots.values.first { $0.accessToken == token }.map { .bot($0.id) }
    }

    /// Checks that the caller may work in an account.
    func admit(_ caller: Caller, to account: Int) throws {
        guard let account = accounts[account] else { throw WorldError.notFound }
        if account.isSuspended { throw WorldError.unauthorized("Account is suspended") }
        let belongs =
            switch caller {
            case .user(let id): users[id]?.memberships[account.id] != nil
            case .bot(let id): bots[id]?.accountID == account.id
            }
        guard belongs else { throw WorldError.unauthorized("You are not authorized to access this account") }
    }

    func requireAdministrator(_ caller: Caller, of account: Int) throws {
        guard isAdministrator(caller, of: account) else {
            throw WorldError.unauthorized("You are not authorized to do this action")
        }
    }

    func isAdministrator(_ caller: Caller, of account: Int) -> Bool {
        caller.userID.flatMap { users[$0]?.memberships[account]?.isAdministrator } ?? false
    }

    /// Inboxes whose conversations the caller may see.
    func openInboxes(to caller: Caller, in account: Int) -> Set<Int> {
        let all = inboxes.values.filter { $0.accountID == account }
        switch caller {
        case .bot: return Set(all.map(\.id))
        case .user(let id):
            if isAdministrator(caller, of: account) { return Set(all.map(\.id)) }
            return Set(all.filter { $0.memberIDs.contains(id) }.map(\.id))
        }
    }

    func conversation(_ account: Int, _ displayID: Int?, openTo caller: Caller) throws -> Conversation {
        guard let displayID else { throw WorldError.notFound }
        let conversation = try conversation(account, displayID)
        let isMine = caller.userID.map { conversation.assignee == .user($0) } ?? false
        let isMyTeams = conversation.teamID.flatMap { teams[$0] }.map { $0.memberIDs.contains(caller.userID ?? -1) }
        guard isMine || isMyTeams == true || openInboxes(to: caller, in: account).contains(conversation.inboxID) else {
            throw WorldError.unauthorized("You are not authorized to do this action")
        }
        return conversation
    }

    /// What a subscription to `RoomChannel` may listen to, or nil where the real server raises.
    func streams(token: String, account: Int?, user: Int?) -> [EventStream]? {
        guard let user else {
            return contactInboxIDsByToken[token] == nil ? nil : [.contact(token)]
        }
        guard let found = users[user], found.pubsubToken == token, let account, found.memberships[account] != nil else {
            return nil
        }
        return [.user(token), .account(account)]
    }
}
