/// A tenant: conversations are numbered per account.
final class Account {
    let id: Int
    let name: String
    var isSuspended = false
    var lastDisplayID = 117
    var labels: [AccountLabel] = []
    var cannedResponses: [CannedResponse] = []
    var webhooks: [JSONObject] = []

    init(id: Int, name: String) {
        self.id = id
        self.name = name
    }
}

/// A label that the account offers.
struct AccountLabel {
    let id: Int
    let title: String
    let description: String
    let color: String
}

/// A text that operators insert by a short code.
struct CannedResponse {
    let id: Int
    let shortCode: String
    let content: String
}
