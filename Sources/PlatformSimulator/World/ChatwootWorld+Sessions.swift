import Crypto
import Foundation

/// Contact sessions of the public client API: I1 and C1 to C3.
extension ChatwootWorld {
    func showInbox(_ identifier: String) throws -> JSONValue { clientView(try inbox(identifier)) }

    func createSession(inbox identifier: String, _ parameters: JSONObject) throws -> JSONValue {
        let inbox = try inbox(identifier)
        try checkIdentity(inbox, parameters)
        let session = try session(in: inbox, parameters)
        return sessionView(session, try contact(session.contactID))
    }

    func showSession(inbox identifier: String, source: String, _ parameters: JSONObject) throws -> JSONValue {
        let inbox = try inbox(identifier)
        let session = try session(inbox, source)
        if try checkIdentity(inbox, parameters) { session.isVerified = true }
        return sessionView(session, try contact(session.contactID))
    }

    func updateSession(inbox identifier: String, source: String, _ parameters: JSONObject) throws -> JSONValue {
        let inbox = try inbox(identifier)
        let session = try session(inbox, source)
        if try checkIdentity(inbox, parameters) { session.isVerified = true }
        var contact = try contact(session.contactID)
        var change = ContactChange(parameters)
        change.identifier = nil
        try change.validate()
        // Another contact with the new address absorbs this one: session, token and conversations go over to it.
        if let other = twin(of: contact, email: change.email, phone: change.phoneNumber) {
            merge(contact, into: other)
            contact = other
        }
        apply(change, to: contact)
        announceContact("contact.updated", contact)
        return recordView(contact)
    }

    /// The session of a source id, made with its contact when there is none.
    func session(in inbox: Inbox, _ parameters: JSONObject) throws -> ContactInbox {
        let source = parameters["source_id"]?.castString ?? makeUUID()
        if let id = contactInboxIDs[SessionKey(inbox: inbox.id, sourceID: source)], let session = contactInboxes[id] {
            return session
        }
        let change = ContactChange(parameters)
        if let known = knownContact(in: inbox.accountID, change) {
            return addSession(of: known, on: inbox, source: source)
        }
        let contact = try createContact(in: inbox.accountID, change)
        return addSession(of: contact, on: inbox, source: source)
    }

    func addSession(of contact: Contact, on inbox: Inbox, source: String) -> ContactInbox {
        let session = ContactInbox(
            id: nextID("contact_inboxes", after: 640), contactID: contact.id, inboxID: inbox.id, sourceID: source,
            pubsubToken: makeToken(), now: now)
        contactInboxes[session.id] = session
        contactInboxIDs[SessionKey(inbox: inbox.id, sourceID: source)] = session.id
        contactInboxIDsByToken[session.pubsubToken] = session.id
        contactInboxIDsByContact[contact.id, default: []].append(session.id)
        return session
    }

    func inbox(_ identifier: String) throws -> Inbox {
        guard let inbox = inboxIDs[identifier].flatMap({ inboxes[$0] }), inbox.isAPI else { throw WorldError.notFound }
        return inbox
    }

    func session(_ inbox: Inbox, _ source: String) throws -> ContactInbox {
        let id = contactInboxIDs[SessionKey(inbox: inbox.id, sourceID: source)]
        guard let session = id.flatMap({ contactInboxes[$0] }) else { throw WorldError.notFound }
        return session
    }

    func contact(_ id: Int) throws -> Contact {
        guard let contact = contacts[id] else { throw WorldError.notFound }
        return contact
    }

    /// Checks the identifier's hash where one was sent or the inbox demands one; true when it was checked.
    ///
    /// A mismatch is the generic 500 of the real server, not a 401.
    @discardableResult
    private func checkIdentity(_ inbox: Inbox, _ parameters: JSONObject) throws -> Bool {
        let hash = parameters["identifier_hash"]?.castString
        guard hash != nil || inbox.hmacMandatory else { return false }
        let identifier = parameters["identifier"]?.castString ?? ""
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(identifier.utf8), using: SymmetricKey(data: Data(inbox.hmacToken.utf8)))
        let expected = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        guard hash == expected else { throw WorldError.crash }
        return true
    }

    private func twin(of contact: Contact, email: String?, phone: String?) -> Contact? {
        contacts.values.first { other in
            guard other.id != contact.id, other.accountID == contact.accountID else { return false }
            return (email != nil && other.email == email) || (phone != nil && other.phoneNumber == phone)
        }
    }

    private func merge(_ contact: Contact, into other: Contact) {
        for id in contactInboxIDsByContact.removeValue(forKey: contact.id) ?? [] {
            contactInboxes[id]?.contactID = other.id
            contactInboxIDsByContact[other.id, default: []].append(id)
            for conversation in conversationsByContactInbox[id] ?? [] {
                conversation.contactID = other.id
                for message in conversation.messageIDs.compactMap({ messages[$0] })
                where message.author == .contact(contact.id) {
                    message.author = .contact(other.id)
                }
            }
        }
        contacts[contact.id] = nil
        announceContact("contact.merged", other)
    }
}
