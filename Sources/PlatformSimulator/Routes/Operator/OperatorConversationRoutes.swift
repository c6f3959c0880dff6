import HTTPTypes

/// Conversations of the operator API.
extension RouteTable {
    func addOperatorConversationRoutes() {
        let world = world
        let one = "/conversations/:conversation"

        account([.get], "/conversations") { call in
            await world.listConversations(call.account, ConversationQuery(call.parameters), caller: call.caller)
        }
        account([.post], "/conversations", bots: true) { call in
            try await world.startConversation(call.account, call.parameters, caller: call.caller)
        }
        account([.get], "/conversations/meta") { call in
            await world.countConversations(call.account, ConversationQuery(call.parameters), caller: call.caller)
        }
        account([.post], "/conversations/filter") { call in
            try await world.filterConversations(call.account, call.parameters, caller: call.caller)
        }
        account([.get], one, bots: true) { call in
            try await world.showConversation(call.account, call.conversation, caller: call.caller)
        }
        account([.post], "\(one)/assignments", bots: true) { call in
            try await world.assign(call.account, call.conversation, call.parameters, caller: call.caller)
        }
        account([.post], "\(one)/toggle_status", bots: true) { call in
            try await world.toggleStatus(call.account, call.conversation, call.parameters, caller: call.caller)
        }
        account([.post], "\(one)/toggle_priority", bots: true) { call in
            try await world.togglePriority(call.account, call.conversation, call.parameters, caller: call.caller)
            return nil
        }
        account([.post], "\(one)/toggle_typing_status", bots: true) { call in
            try await world.typeByOperator(call.account, call.conversation, call.parameters, caller: call.caller)
            return nil
        }
        account([.post], "\(one)/update_last_seen") { call in
            try await world.markSeenByOperator(call.account, call.conversation, caller: call.caller)
        }
        account([.post], "\(one)/unread") { call in
            try await world.markUnread(call.account, call.conversation, caller: call.caller)
        }
        account([.get], "\(one)/labels", bots: true) { call in
            try await world.listLabels(call.account, call.conversation, caller: call.caller)
        }
        account([.post], "\(one)/labels", bots: true) { call in
            try await world.setLabels(call.account, call.conversation, call.parameters, caller: call.caller)
        }
        account([.post], "\(one)/custom_attributes", bots: true) { call in
            try await world.setCustomAttributes(call.account, call.conversation, call.parameters, caller: call.caller)
        }
        for (path, isMuted) in [("mute", true), ("unmute", false)] {
            account([.post], "\(one)/\(path)") { call in
                try await world.setMuted(isMuted, call.account, call.conversation, caller: call.caller)
                return nil
            }
        }
    }
}
