import Foundation

/// A message of a session.
final class TwinMessage {
    enum Author: Hashable {
        case client(String)
        case `operator`(Int)
        case bot(String)

        var type: String {
            switch self {
            case .client: "CLIENT"
            case .operator: "OPERATOR"
            case .bot: "BOT"
            }
        }

        /// A numeric text for an operator, a UUID for the others.
        var id: String {
            switch self {
            case .client(let id), .bot(let id): id
            case .operator(let id): String(id)
            }
        }
    }

    let id: String
    let sessionID: String
    let author: Author
    let authorName: String
    let createdAt: Date
    let replyTo: String?
    var body: String
    var answers: [String] = []
    var fileIDs: [String]
    var updatedAt: Date?
    var readAt: Date?

    init(
        id: String, sessionID: String, author: Author, authorName: String, body: String, fileIDs: [String],
        replyTo: String?, createdAt: Date
    ) {
        self.id = id
        self.sessionID = sessionID
        self.author = author
        self.authorName = authorName
        self.body = body
        self.fileIDs = fileIDs
        self.replyTo = replyTo
        self.createdAt = createdAt
    }
}

/// A file of the file service.
struct TwinFile: Sendable {
    let id: String
    let ownerID: Int
    let name: String
    let contentType: String
    let isPrivate: Bool
    let bytes: [UInt8]
    let createdAt: Date

    var fileExtension: String { name.contains(".") ? String(name.split(separator: ".").last ?? "") : "" }
    var baseName: String { fileExtension.isEmpty ? name : String(name.dropLast(fileExtension.count + 1)) }
}
