import Foundation

/// What belongs to the account as a whole: agents, teams, inboxes, labels, canned responses, webhooks.
extension ChatwootWorld {
    func listAgents(_ account: Int) -> JSONValue {
        .array(members(of: account).map { agentView($0, account: account) })
    }

    func listAssignable(_ account: Int, inboxes ids: [Int]) throws -> JSONValue {
        let chosen = try ids.map { try inbox(account, $0) }
        let assignable = members(of: account).filter { user in
            user.memberships[account]?.isAdministrator == true
                || (!chosen.isEmpty && chosen.allSatisfy { $0.memberIDs.contains(user.id) })
        }
        return ["payload": .array(assignable.map { agentView($0, account: account) })]
    }

    func listTeams(_ account: Int, caller: Caller) -> JSONValue {
        let own = teams.values.filter { $0.accountID == account }.sorted { $0.id < $1.id }
        return .array(own.map { teamView($0, for: caller.userID) })
    }

    func listTeamMembers(_ account: Int, team id: Int?) throws -> JSONValue {
        guard let team = id.flatMap({ teams[$0] }), team.accountID == account else { throw WorldError.notFound }
        return .array(team.memberIDs.compactMap { users[$0] }.map { agentView($0, account: account) })
    }

    func listInboxes(_ account: Int, caller: Caller) -> JSONValue {
        let isAdministrator = isAdministrator(caller, of: account)
        let open = openInboxes(to: caller, in: account).sorted().compactMap { inboxes[$0] }
        return ["payload": .array(open.map { operatorView($0, forAdministrator: isAdministrator) })]
    }

    func showInbox(_ account: Int, _ id: Int?, caller: Caller) throws -> JSONValue {
        let inbox = try inbox(account, id)
        guard openInboxes(to: caller, in: account).contains(inbox.id) else {
            throw WorldError.unauthorized("You are not authorized to do this action")
        }
        return operatorView(inbox, forAdministrator: isAdministrator(caller, of: account))
    }

    func listAccountLabels(_ account: Int) -> JSONValue {
        [
            "payload": .array(
                (accounts[account]?.labels ?? []).map { label in
                    [
                        "id": .int(label.id), "title": .string(label.title), "description": .string(label.description),
                        "color": .string(label.color), "show_on_sidebar": .bool(true),
                    ]
                })
        ]
    }

    func listCannedResponses(_ account: Int, search: String?) -> JSONValue {
        let all = accounts[account]?.cannedResponses ?? []
        let found = all.filter { response in
            guard let search, !search.isEmpty else { return true }
            return response.shortCode.localizedCaseInsensitiveContains(search)
                || response.content.localizedCaseInsensitiveContains(search)
        }
        return .array(
            found.map { response in
                [
                    "id": .int(response.id), "account_id": .int(account), "short_code": .string(response.shortCode),
                    "content": .string(response.content), "created_at": "2026-01-01T00:00:00.000Z",
                    "updated_at": "2026-01-01T00:00:00.000Z",
                ]
            })
    }

    func listWebhooks(_ account: Int, caller: Caller) throws -> JSONValue {
        try requireAdministrator(caller, of: account)
        return ["payload": ["webhooks": .array((accounts[account]?.webhooks ?? []).map { .object($0) })]]
    }

    /// Stores a webhook; the simulator calls none.
    func saveWebhook(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        try requireAdministrator(caller, of: account)
        guard let account = accounts[account] else { throw WorldError.notFound }
        let wanted = parameters["webhook"]?.object ?? parameters
        var webhook: JSONObject = ["id": .int(nextID("webhooks", after: 0)), "account_id": .int(account.id)]
        if let id {
            guard let known = account.webhooks.first(where: { $0["id"] == .int(id) }) else { throw WorldError.notFound }
            webhook = known
        }
        for key in ["url", "name", "inbox_id", "subscriptions"] {
            if let value = wanted[key] { webhook[key] = value }
        }
        guard let url = webhook["url"]?.string, url.hasPrefix("http") else {
            throw WorldError.invalid(message: "Url is invalid", attributes: ["url"])
        }
        account.webhooks.removeAll { $0["id"] == webhook["id"] }
        account.webhooks.append(webhook)
        return ["payload": ["webhook": .object(webhook)]]
    }

    func deleteWebhook(_ account: Int, _ id: Int?, caller: Caller) throws {
        try requireAdministrator(caller, of: account)
        guard let id, accounts[account]?.webhooks.contains(where: { $0["id"] == .int(id) }) == true else {
            throw WorldError.notFound
        }
        accounts[account]?.webhooks.removeAll { $0["id"] == .int(id) }
    }

    func attachment(key: String) -> Attachment? { attachments[key] }

    private func members(of account: Int) -> [User] {
        users.values.filter { $0.memberships[account] != nil }.sorted { $0.id < $1.id }
    }
}
