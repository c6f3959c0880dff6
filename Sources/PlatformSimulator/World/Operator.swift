import Foundation

/// A person or a bot seat that works in accounts: agent or administrator.
final class User {
    /// What a user is in one account.
    struct Membership {
        var isAdministrator: Bool
        var availability = "online"
        var autoOffline = true
        /// Until when the user counts as present because its socket said so.
        var presentUntil = Date.distantPast

        var role: String { isAdministrator ? "administrator" : "agent" }
    }

    let id: Int
    let name: String
    let email: String
    var accessToken: String
    var pubsubToken: String
    var memberships: [Int: Membership] = [:]

    init(id: Int, name: String, email: String, accessToken: String, pubsubToken: String) {
        self.id = id
        self.name = name
        self.email = email
        self.accessToken = accessToken
        self.pubsubToken = pubsubToken
    }

    /// The availability that others see: the chosen one while present, else offline.
    func availability(in account: Int, at now: Date) -> String {
        guard let membership = memberships[account] else { return "offline" }
        return membership.autoOffline && membership.presentUntil < now ? "offline" : membership.availability
    }
}

/// A webhook bot: it may use a small part of the operator API and has no stream.
final class AgentBot {
    let id: Int
    let name: String
    let accountID: Int
    let accessToken: String

    init(id: Int, name: String, accountID: Int, accessToken: String) {
        self.id = id
        self.name = name
        self.accountID = accountID
        self.accessToken = accessToken
    }
}

/// A group of operators that conversations are handed to.
final class Team {
    let id: Int
    let accountID: Int
    let name: String
    let description: String
    var memberIDs: [Int]

    init(id: Int, accountID: Int, name: String, description: String, memberIDs: [Int]) {
        self.id = id
        self.accountID = accountID
        self.name = name
        self.description = description
        self.memberIDs = memberIDs
    }
}
