import Foundation

/// A person on the client side.
final class Contact {
    let id: Int
    let accountID: Int
    var name: String
    var email: String?
    var phoneNumber: String?
    var identifier: String?
    var avatarURL: String?
    var customAttributes = JSONObject()
    var additionalAttributes = JSONObject()
    var isBlocked = false
    let createdAt: Date
    var updatedAt: Date
    var lastActivityAt: Date?
    var presentUntil = Date.distantPast

    init(id: Int, accountID: Int, name: String, now: Date) {
        self.id = id
        self.accountID = accountID
        self.name = name
        createdAt = now
        updatedAt = now
    }
}

/// A contact on one inbox; its source id and its stream token are credentials.
final class ContactInbox {
    let id: Int
    var contactID: Int
    let inboxID: Int
    let sourceID: String
    let pubsubToken: String
    var isVerified = false
    let createdAt: Date

    init(id: Int, contactID: Int, inboxID: Int, sourceID: String, pubsubToken: String, now: Date) {
        self.id = id
        self.contactID = contactID
        self.inboxID = inboxID
        self.sourceID = sourceID
        self.pubsubToken = pubsubToken
        createdAt = now
    }
}
