import HTTPTypes

/// The caller's profile and what belongs to the account as a whole.
extension RouteTable {
    func addOperatorDirectoryRoutes() {
        let world = world
        profile(.get, "") { _, user in try await world.showProfile(user) }
        profile(.post, "/availability") { call, user in try await world.setAvailability(user, call.parameters) }
        profile(.post, "/auto_offline") { call, user in try await world.setAvailability(user, call.parameters) }
        profile(.post, "/reset_access_token") { _, user in try await world.resetAccessToken(user) }

        account([.get], "/agents") { call in await world.listAgents(call.account) }
        account([.get], "/assignable_agents") { call in
            let inboxes = (call.parameters["inbox_ids"]?.array ?? []).compactMap(\.castInt)
            return try await world.listAssignable(call.account, inboxes: inboxes)
        }
        account([.get], "/teams") { call in await world.listTeams(call.account, caller: call.caller) }
        account([.get], "/teams/:team/team_members") { call in
            try await world.listTeamMembers(call.account, team: call.call.number("team"))
        }
        account([.get], "/inboxes") { call in await world.listInboxes(call.account, caller: call.caller) }
        account([.get], "/inboxes/:inbox") { call in
            try await world.showInbox(call.account, call.call.number("inbox"), caller: call.caller)
        }
        account([.get], "/labels") { call in await world.listAccountLabels(call.account) }
        account([.get], "/canned_responses") { call in
            await world.listCannedResponses(call.account, search: call.parameters["search"]?.castString)
        }
        account([.get], "/webhooks") { call in try await world.listWebhooks(call.account, caller: call.caller) }
        account([.post], "/webhooks") { call in
            try await world.saveWebhook(call.account, nil, call.parameters, caller: call.caller)
        }
        account([.patch, .put], "/webhooks/:webhook") { call in
            try await world.saveWebhook(
                call.account, call.call.number("webhook"), call.parameters, caller: call.caller)
        }
        account([.delete], "/webhooks/:webhook") { call in
            try await world.deleteWebhook(call.account, call.call.number("webhook"), caller: call.caller)
            return nil
        }
    }
}
