/// One configured channel of an account. All but the oddest tests use API inboxes.
final class Inbox {
    let id: Int
    let accountID: Int
    let name: String
    let identifier: String
    let hmacToken: String
    var channelType = "Channel::Api"
    var hmacMandatory = false
    var locksToSingleConversation = false
    var greetingMessage: String?
    var csatSurveyEnabled = false
    var webhookURL: String?
    var agentBotID: Int?
    var memberIDs: Set<Int> = []

    init(id: Int, accountID: Int, name: String, identifier: String, hmacToken: String) {
        self.id = id
        self.accountID = accountID
        self.name = name
        self.identifier = identifier
        self.hmacToken = hmacToken
    }

    var isAPI: Bool { channelType == "Channel::Api" }
}
