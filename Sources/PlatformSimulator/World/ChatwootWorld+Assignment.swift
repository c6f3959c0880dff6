/// Who a conversation is given to, with the quirks of the real endpoint.
extension ChatwootWorld {
    /// Assigns by `assignee_id` when that key is there, else by `team_id`; an unknown id unassigns and answers null.
    func assign(_ account: Int, _ id: Int?, _ parameters: JSONObject, caller: Caller) throws -> JSONValue {
        let conversation = try conversation(account, id, openTo: caller)
        if let assignee = parameters["assignee_id"] {
            if parameters["assignee_type"]?.string == "AgentBot" {
                return assign(bot: assignee.castInt, to: conversation, by: caller.performer)
            }
            return assign(user: assignee.castInt, to: conversation, by: caller.performer)
        }
        guard let team = parameters["team_id"] else { return nil }
        return assign(team: team.castInt, to: conversation, caller: caller)
    }

    private func assign(user id: Int?, to conversation: Conversation, by performer: Performer) -> JSONValue {
        let user = id.flatMap { users[$0] }.flatMap { $0.memberships[conversation.accountID] == nil ? nil : $0 }
        change(conversation, by: performer) { conversation in
            conversation.assignee = user.map { .user($0.id) }
            // A person who takes over from a bot reopens the conversation.
            if user != nil, conversation.status == .pending { conversation.status = .open }
        }
        return user.map { agentView($0, account: conversation.accountID) } ?? nil
    }

    private func assign(bot id: Int?, to conversation: Conversation, by performer: Performer) -> JSONValue {
        let bot = id.flatMap { bots[$0] }.flatMap { $0.accountID == conversation.accountID ? $0 : nil }
        change(conversation, by: performer) { conversation in
            conversation.assignee = bot.map { .bot($0.id) }
            if bot != nil { conversation.status = .pending }
        }
        return bot.map { slimView($0) } ?? nil
    }

    private func assign(team id: Int?, to conversation: Conversation, caller: Caller) -> JSONValue {
        let team = id.flatMap { teams[$0] }.flatMap { $0.accountID == conversation.accountID ? $0 : nil }
        change(conversation, by: caller.performer) { $0.teamID = team?.id }
        return team.map { teamView($0, for: caller.userID) } ?? nil
    }
}
