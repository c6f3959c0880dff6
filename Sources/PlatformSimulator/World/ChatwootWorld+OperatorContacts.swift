/// What the operator API does to contacts.
extension ChatwootWorld {
    func searchContacts(_ account: Int, _ parameters: JSONObject) throws -> JSONValue {
        guard let text = parameters["q"]?.castString, !text.isEmpty else {
            throw WorldError.missingParameter("Specify search string with parameter q")
        }
        let wanted = text.lowercased()
        let found = contacts.values.filter { contact in
            guard contact.accountID == account else { return false }
            let fields = [contact.name, contact.email, contact.phoneNumber, contact.identifier]
            return fields.contains { $0?.lowercased().contains(wanted) ?? false }
        }
        return page(of: found, parameters)
    }

    func listContacts(_ account: Int, _ parameters: JSONObject) -> JSONValue {
        page(of: contacts.values.filter { $0.accountID == account }, parameters)
    }

    func showContact(_ account: Int, _ id: Int?) throws -> JSONValue {
        ["payload": operatorView(try contact(account, id))]
    }

    func createContact(_ account: Int, _ parameters: JSONObject) throws -> JSONValue {
        let change = ContactChange(parameters)
        try checkUnique(change, in: account, except: nil)
        var session: JSONValue = nil
        let inbox = try parameters["inbox_id"]?.castInt.map { try self.inbox(account, $0) }
        let contact = try createContact(in: account, change)
        if let inbox {
            let added = addSession(of: contact, on: inbox, source: parameters["source_id"]?.castString ?? makeUUID())
            session = contactInboxView(added)
        }
        return ["payload": ["contact": operatorView(contact), "contact_inbox": session]]
    }

    func updateContact(_ account: Int, _ id: Int?, _ parameters: JSONObject) throws -> JSONValue {
        let contact = try contact(account, id)
        let change = ContactChange(parameters)
        try change.validate()
        try checkUnique(change, in: account, except: contact.id)
        apply(change, to: contact)
        announceContact("contact.updated", contact)
        return ["payload": operatorView(contact)]
    }

    func deleteContact(_ account: Int, _ id: Int?, caller: Caller) throws {
        try requireAdministrator(caller, of: account)
        let contact = try contact(account, id)
        contacts[contact.id] = nil
        for id in contactInboxIDsByContact.removeValue(forKey: contact.id) ?? [] {
            guard let session = contactInboxes.removeValue(forKey: id) else { continue }
            contactInboxIDs[SessionKey(inbox: session.inboxID, sourceID: session.sourceID)] = nil
            contactInboxIDsByToken[session.pubsubToken] = nil
            for conversation in conversationsByContactInbox.removeValue(forKey: id) ?? [] {
                conversations[ConversationKey(account: account, displayID: conversation.displayID)] = nil
                conversationsByInternalID[conversation.internalID] = nil
                conversationsByUUID[conversation.uuid] = nil
                for message in conversation.messageIDs { messages[message] = nil }
            }
        }
        announceContact("contact.deleted", contact)
    }

    func addSession(_ account: Int, _ id: Int?, _ parameters: JSONObject) throws -> JSONValue {
        let contact = try contact(account, id)
        let inbox = try inbox(account, parameters["inbox_id"]?.castInt)
        let source = parameters["source_id"]?.castString ?? makeUUID()
        if let known = contactInboxIDs[SessionKey(inbox: inbox.id, sourceID: source)].flatMap({ contactInboxes[$0] }) {
            guard known.contactID == contact.id else {
                throw WorldError.invalid(message: "Source has already been taken", attributes: ["source_id"])
            }
            return contactInboxView(known)
        }
        return contactInboxView(addSession(of: contact, on: inbox, source: source))
    }

    func listConversations(_ account: Int, ofContact id: Int?, caller: Caller) throws -> JSONValue {
        let contact = try contact(account, id)
        let inboxes = openInboxes(to: caller, in: account)
        let all = (contactInboxIDsByContact[contact.id] ?? []).flatMap { conversationsByContactInbox[$0] ?? [] }
            .filter { inboxes.contains($0.inboxID) }
        return ["payload": .array(sort(all, by: "last_activity_at_desc").prefix(20).map { operatorView($0) })]
    }

    func inbox(_ account: Int, _ id: Int?) throws -> Inbox {
        guard let inbox = id.flatMap({ inboxes[$0] }), inbox.accountID == account else { throw WorldError.notFound }
        return inbox
    }

    private func contact(_ account: Int, _ id: Int?) throws -> Contact {
        guard let contact = id.flatMap({ contacts[$0] }), contact.accountID == account else {
            throw WorldError.notFound
        }
        return contact
    }

    private func checkUnique(_ change: ContactChange, in account: Int, except id: Int?) throws {
        let others = contacts.values.filter { $0.accountID == account && $0.id != id }
        func refuse(_ name: String, _ attribute: String) -> WorldError {
            .invalid(message: "\(name) has already been taken", attributes: [attribute])
        }
        if let email = change.email, others.contains(where: { $0.email == email }) { throw refuse("Email", "email") }
        if let phone = change.phoneNumber, others.contains(where: { $0.phoneNumber == phone }) {
            throw refuse("Phone number", "phone_number")
        }
        if let identifier = change.identifier, others.contains(where: { $0.identifier == identifier }) {
            throw refuse("Identifier", "identifier")
        }
    }

    private func page(of found: [Contact], _ parameters: JSONObject) -> JSONValue {
        let page = max(1, parameters["page"]?.castInt ?? 1)
        let withSessions = parameters["include_contact_inboxes"]?.castBool ?? true
        let key = parameters["sort"]?.castString ?? "id"
        let sorted = found.sorted { left, right in
            switch key {
            case "name": left.name < right.name
            case "-name": left.name > right.name
            case "-id", "-created_at", "-last_activity_at": left.id > right.id
            default: left.id < right.id
            }
        }
        let shown = sorted.dropFirst((page - 1) * 15).prefix(15)
        return [
            "meta": [
                "count": .int(found.count), "current_page": .int(page), "has_more": .bool(found.count > page * 15),
            ],
            "payload": .array(shown.map { operatorView($0, withSessions: withSessions) }),
        ]
    }
}
