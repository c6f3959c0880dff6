import Foundation

/// A thread between one contact session and the operators.
final class Conversation {
    enum Status: String {
        case open, resolved, pending, snoozed
    }

    /// Who a conversation is assigned to.
    enum Assignee: Equatable {
        case user(Int)
        case bot(Int)
    }

    /// The row's own id, which no API accepts: it is there to catch clients that mix the two up.
    let internalID: Int
    let displayID: Int
    let uuid: String
    let accountID: Int
    let inboxID: Int
    var contactID: Int
    let contactInboxID: Int
    var status: Status
    var assignee: Assignee?
    var teamID: Int?
    var labels: [String] = []
    var customAttributes = JSONObject()
    var additionalAttributes = JSONObject()
    var priority: String?
    var snoozedUntil: Date?
    var waitingSince: Date?
    var firstReplyCreatedAt: Date?
    var agentLastSeenAt: Date?
    var assigneeLastSeenAt: Date?
    var contactLastSeenAt: Date?
    var lastActivityAt: Date
    let createdAt: Date
    var updatedAt: Date
    var messageIDs: [Int] = []
    /// When the messages of the last minute were written, for the flood guard.
    var recentMessages: [Date] = []
    var tally = MessageTally()
    /// Messages of the contact since an operator last looked; kept, as it stands in every message event.
    var unreadCount = 0

    init(
        internalID: Int, displayID: Int, uuid: String, inbox: Inbox, contactInbox: ContactInbox, status: Status,
        now: Date
    ) {
        self.internalID = internalID
        self.displayID = displayID
        self.uuid = uuid
        accountID = inbox.accountID
        inboxID = inbox.id
        contactID = contactInbox.contactID
        contactInboxID = contactInbox.id
        self.status = status
        waitingSince = now
        lastActivityAt = now
        createdAt = now
        updatedAt = now
    }
}
