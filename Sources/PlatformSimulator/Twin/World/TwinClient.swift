import Foundation

/// A customer.
final class TwinClient {
    let id: String
    var name: String
    var externalID: String?
    var phone: String?
    var email: String?
    var isBanned = false
    var onlineAt: Date?
    var offlineAt: Date?

    init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

/// A configured entry point of the company.
struct TwinChat {
    let id: String
    let name: String
    let botID: String
    /// Seconds.
    let sessionTTL: Int
    let results: [String]
}
