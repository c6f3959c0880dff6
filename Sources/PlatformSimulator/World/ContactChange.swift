import Foundation

/// What a request wants a contact to be; nil is untouched.
struct ContactChange {
    var name: String?
    var email: String?
    var phoneNumber: String?
    var identifier: String?
    var avatarURL: String?
    var customAttributes: JSONObject?
    var additionalAttributes: JSONObject?
    var isBlocked: Bool?

    init(_ parameters: JSONObject) {
        func text(_ key: String) -> String? {
            guard let value = parameters[key]?.castString, !value.isEmpty else { return nil }
            return value
        }
        name = text("name").map { String($0.prefix(255)) }
        email = text("email")?.lowercased()
        phoneNumber = text("phone_number")
        identifier = text("identifier")
        avatarURL = text("avatar_url")
        customAttributes = parameters["custom_attributes"]?.object
        additionalAttributes = parameters["additional_attributes"]?.object
        isBlocked = parameters["blocked"]?.castBool
    }

    func validate() throws {
        if let email, email.wholeMatch(of: /[^@\s]+@[^@\s]+/) == nil {
            throw WorldError.invalid(message: "Email Invalid email", attributes: ["email"])
        }
        if let phoneNumber, phoneNumber.wholeMatch(of: /\+[1-9]\d{1,14}/) == nil {
            throw WorldError.invalid(
                message: "Phone number should be in e164 format", attributes: ["phone_number"])
        }
    }
}

extension ChatwootWorld {
    /// The contact that a new session belongs to: by identifier, then e-mail, then phone number.
    func knownContact(in account: Int, _ change: ContactChange) -> Contact? {
        // A session without any address is by far the most frequent: it needs no walk over all contacts.
        guard change.identifier != nil || change.email != nil || change.phoneNumber != nil else { return nil }
        let all = contacts.values.filter { $0.accountID == account }
        if let identifier = change.identifier, let found = all.first(where: { $0.identifier == identifier }) {
            return found
        }
        if let email = change.email, let found = all.first(where: { $0.email == email }) { return found }
        if let phone = change.phoneNumber { return all.first { $0.phoneNumber == phone } }
        return nil
    }

    func createContact(in account: Int, _ change: ContactChange) throws -> Contact {
        try change.validate()
        let id = nextID("contacts", after: 511)
        let words = ["quiet-river", "small-cloud", "bright-stone", "old-garden", "blue-lamp"]
        let contact = Contact(
            id: id, accountID: account, name: change.name ?? "\(words[id % words.count])-\(id)", now: now)
        apply(change, to: contact)
        contacts[id] = contact
        announceContact("contact.created", contact)
        return contact
    }

    func apply(_ change: ContactChange, to contact: Contact) {
        if let name = change.name { contact.name = name }
        if let email = change.email { contact.email = email }
        if let phone = change.phoneNumber { contact.phoneNumber = phone }
        if let identifier = change.identifier { contact.identifier = identifier }
        if let avatarURL = change.avatarURL { contact.avatarURL = avatarURL }
        if let isBlocked = change.isBlocked { contact.isBlocked = isBlocked }
        if let attributes = change.customAttributes {
            contact.customAttributes = contact.customAttributes.merging(attributes, skippingBlank: true)
        }
        if let attributes = change.additionalAttributes {
            contact.additionalAttributes = contact.additionalAttributes.merging(attributes, skippingBlank: true)
        }
        contact.updatedAt = now
    }
}
