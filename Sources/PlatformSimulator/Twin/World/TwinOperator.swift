/// A user with the chat-operator role.
final class TwinOperator {
    enum Status: String { case online, paused, offline }

    let id: Int
    let email: String
    let password: String
    let firstName: String
    let lastName: String
    var status = Status.offline
    var isBlocked = false

    init(id: Int, email: String, password: String, firstName: String, lastName: String) {
        self.id = id
        self.email = email
        self.password = password
        self.firstName = firstName
        self.lastName = lastName
    }

    var name: String { "\(firstName) \(lastName)" }
    /// The channel that nobody else is subscribed to.
    var channel: String { "operator:#\(id)" }
}

/// A set of operators to which a session can be handed.
struct TwinGroup {
    let id: Int
    let name: String
    let memberIDs: [Int]
}
