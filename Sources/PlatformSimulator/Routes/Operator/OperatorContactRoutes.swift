import HTTPTypes

/// Contacts of the operator API.
extension RouteTable {
    func addOperatorContactRoutes() {
        let world = world
        account([.get], "/contacts") { call in await world.listContacts(call.account, call.parameters) }
        account([.post], "/contacts") { call in try await world.createContact(call.account, call.parameters) }
        account([.get], "/contacts/search") { call in try await world.searchContacts(call.account, call.parameters) }
        account([.post], "/contacts/filter") { call in try await world.filterContacts(call.account, call.parameters) }
        account([.get], "/contacts/:contact") { call in
            try await world.showContact(call.account, call.call.number("contact"))
        }
        account([.put, .patch], "/contacts/:contact") { call in
            try await world.updateContact(call.account, call.call.number("contact"), call.parameters)
        }
        account([.delete], "/contacts/:contact") { call in
            try await world.deleteContact(call.account, call.call.number("contact"), caller: call.caller)
            return nil
        }
        account([.get], "/contacts/:contact/conversations") { call in
            try await world.listConversations(
                call.account, ofContact: call.call.number("contact"), caller: call.caller)
        }
        account([.post], "/contacts/:contact/contact_inboxes") { call in
            try await world.addSession(call.account, call.call.number("contact"), call.parameters)
        }
    }
}
