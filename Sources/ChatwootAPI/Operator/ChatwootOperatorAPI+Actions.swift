internal import CurlHTTP
internal import EventJSON

extension ChatwootOperatorAPI {
    /// Gives a conversation to an operator, or with nil to no one.
    ///
    /// Returns the operator. Nil after an id was given means that the platform does not know it, and *unassigned* the
    /// conversation.
    public func assign(_ conversation: Int, to agentID: Int?) async throws -> ChatwootAgent? {
        try await assign(conversation) { writer in
            writer.key("assignee_id")
            writer.value(agentID.map { JSON.int(Int64($0)) } ?? .null)
        } decode: {
            ChatwootAgent($0)
        }
    }

    /// Gives a conversation to a team, or with nil to none. May change the assignee too.
    ///
    /// Returns the team. Nil after an id was given means that the platform does not know it, and took the team away.
    public func assign(_ conversation: Int, toTeam teamID: Int?) async throws -> ChatwootTeam? {
        try await assign(conversation) {
            $0.member("team_id", teamID ?? 0)
        } decode: {
            ChatwootTeam($0)
        }
    }

    /// Gives a conversation to an agent bot. Returns false when the platform does not know the bot.
    public func assign(_ conversation: Int, toBot botID: Int) async throws -> Bool {
        guard capabilities.supports(.assignBot) != false else { throw ChatwootError.unsupported(.assignBot) }
        let id: Int? = try await assign(conversation) { writer in
            writer.member("assignee_type", "AgentBot")
            writer.member("assignee_id", botID)
        } decode: {
            $0["id"]?.id
        }
        return id != nil
    }

    private func assign<Assignee>(
        _ conversation: Int, _ write: (inout JSONWriter) -> Void, decode: (JSONElement) -> Assignee?
    ) async throws -> Assignee? {
        try await requester.send(
            .post, "\(conversationPath(conversation))/assignments", body: .object(write)
        ) { root -> Assignee?? in .some(decode(root)) }
    }

    /// Sets a conversation's status and returns the one it has now.
    ///
    /// `open` by a user in the role of an agent assigns the conversation to that user.
    @discardableResult
    public func setStatus(
        _ conversation: Int, _ status: ChatwootStatus, snoozedUntil: ChatwootTime? = nil
    ) async throws -> ChatwootStatus {
        let body = HTTPBody.object { writer in
            writer.member("status", status.rawValue)
            writer.member("snoozed_until", snoozedUntil?.wholeSeconds)
        }
        return try await requester.send(.post, "\(conversationPath(conversation))/toggle_status", body: body) { root in
            root["payload"]?.word("current_status") ?? (root.isObject ? status : nil)
        }
    }

    /// Sets a conversation's priority, or with nil takes it away.
    public func setPriority(_ conversation: Int, _ priority: ChatwootPriority?) async throws {
        let body = HTTPBody.object { writer in
            writer.key("priority")
            writer.value(priority.map { JSON.string($0.rawValue) } ?? .null)
        }
        try await requester.send(.post, "\(conversationPath(conversation))/toggle_priority", body: body)
    }

    /// Shows the contact, or with `isPrivate` only other operators, whether the operator types.
    public func setTyping(_ conversation: Int, _ isTyping: Bool, isPrivate: Bool = false) async throws {
        let body = HTTPBody.object { writer in
            writer.member("typing_status", isTyping ? "on" : "off")
            writer.member("is_private", isPrivate)
        }
        try await requester.send(.post, "\(conversationPath(conversation))/toggle_typing_status", body: body)
    }

    /// Tells that the operator has read everything.
    public func markRead(_ conversation: Int) async throws {
        try await requester.send(.post, "\(conversationPath(conversation))/update_last_seen")
    }

    /// Shows a conversation as unread again.
    public func markUnread(_ conversation: Int) async throws {
        try await requester.send(.post, "\(conversationPath(conversation))/unread")
    }

    /// Blocks the contact and resolves the conversation.
    public func mute(_ conversation: Int) async throws {
        try await requester.send(.post, "\(conversationPath(conversation))/mute")
    }

    /// Takes a block away.
    public func unmute(_ conversation: Int) async throws {
        try await requester.send(.post, "\(conversationPath(conversation))/unmute")
    }
}
