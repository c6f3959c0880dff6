import Foundation

extension ChatwootWorld {
    /// Fills an empty world with what ``DemoWorld`` describes.
    func populate() {
        let account = Account(id: DemoWorld.accountID, name: DemoWorld.accountName)
        let colors = ["#1f93ff", "#44ce4b", "#e5484d"]
        account.labels = zip(DemoWorld.labels, colors).enumerated().map { index, label in
            AccountLabel(id: index + 1, title: label.0, description: "", color: label.1)
        }
        account.cannedResponses = [
            CannedResponse(id: 1, shortCode: "hello", content: "Hello, how can we help?"),
            CannedResponse(id: 2, shortCode: "wait", content: "One moment please."),
        ]
        accounts[account.id] = account

        addUser(
            id: DemoWorld.omarID, name: "Omar", accessToken: DemoWorld.omarAccessToken,
            pubsubToken: DemoWorld.omarPubsubToken, isAdministrator: true)
        addUser(
            id: DemoWorld.moonwireID, name: "Moonwire", accessToken: DemoWorld.moonwireAccessToken,
            pubsubToken: DemoWorld.moonwirePubsubToken, isAdministrator: false)
        addUser(
            id: DemoWorld.laylaID, name: "Layla", accessToken: DemoWorld.laylaAccessToken,
            pubsubToken: DemoWorld.laylaPubsubToken, isAdministrator: false)
        bots[DemoWorld.helperBotID] = AgentBot(
            id: DemoWorld.helperBotID, name: "Helper", accountID: account.id,
            accessToken: DemoWorld.helperBotAccessToken)
        for (id, name, members) in [
            (DemoWorld.billingTeamID, "billing", [DemoWorld.omarID, DemoWorld.laylaID]),
            (DemoWorld.supportTeamID, "support", [DemoWorld.omarID, DemoWorld.moonwireID]),
        ] {
            teams[id] = Team(id: id, accountID: account.id, name: name, description: "", memberIDs: members)
        }

        addInbox(id: DemoWorld.hooryInboxID, name: "Hoory", identifier: DemoWorld.hooryInboxIdentifier)
        addInbox(id: DemoWorld.bevatelInboxID, name: "Bevatel", identifier: DemoWorld.bevatelInboxIdentifier)
        addInbox(id: DemoWorld.secureInboxID, name: "Secure", identifier: DemoWorld.secureInboxIdentifier)
        inboxes[DemoWorld.secureInboxID]?.hmacMandatory = true
        addInbox(id: DemoWorld.singleInboxID, name: "Single", identifier: DemoWorld.singleInboxIdentifier)
        inboxes[DemoWorld.singleInboxID]?.locksToSingleConversation = true
    }

    private func addUser(id: Int, name: String, accessToken: String, pubsubToken: String, isAdministrator: Bool) {
        let user = User(
            id: id, name: name, email: "\(name.lowercased())@example.com", accessToken: accessToken,
            pubsubToken: pubsubToken)
        user.memberships[DemoWorld.accountID] = User.Membership(isAdministrator: isAdministrator)
        users[id] = user
    }

    private func addInbox(id: Int, name: String, identifier: String) {
        let inbox = Inbox(
            id: id, accountID: DemoWorld.accountID, name: name, identifier: identifier,
            hmacToken: DemoWorld.secureInboxHMACToken)
        inbox.memberIDs = [DemoWorld.moonwireID]
        inboxes[id] = inbox
        inboxIDs[identifier] = id
    }

    /// Changes how an inbox behaves; nil leaves a setting as it is.
    func configureInbox(_ id: Int, with change: InboxChange) throws {
        guard let inbox = inboxes[id] else { throw WorldError.notFound }
        if let value = change.locksToSingleConversation { inbox.locksToSingleConversation = value }
        if let value = change.hmacMandatory { inbox.hmacMandatory = value }
        if let value = change.csatSurveyEnabled { inbox.csatSurveyEnabled = value }
        if let value = change.greetingMessage { inbox.greetingMessage = value.isEmpty ? nil : value }
        if let value = change.agentBotID { inbox.agentBotID = value == 0 ? nil : value }
        if let value = change.channelType { inbox.channelType = value }
        if let value = change.memberIDs { inbox.memberIDs = Set(value) }
    }
}

/// Settings of an inbox to change; what is nil stays.
public struct InboxChange: Sendable, Codable {
    public var locksToSingleConversation: Bool?
    public var hmacMandatory: Bool?
    public var csatSurveyEnabled: Bool?
    /// The template that greets a client's first message; empty for none.
    public var greetingMessage: String?
    /// The agent bot that new conversations are left to, as `pending`; 0 for none.
    public var agentBotID: Int?
    /// Anything but `Channel::Api` makes the inbox one of another kind.
    public var channelType: String?
    public var memberIDs: [Int]?

    public init() {}
}
