import Foundation

/// One conversation of one client in a chat.
final class TwinSession {
    enum Stage {
        case bot
        /// In the common queue: no operator was found.
        case help
        case withOperator
        case closed
    }

    struct Seat {
        let operatorID: Int
        let assignedAt: Date
    }

    let id: String
    /// Order of creation, for times that are equal.
    let number: Int
    let chat: TwinChat
    let client: TwinClient
    let startedAt: Date
    var name: String
    var stage = Stage.bot
    /// The operators in it; the first is the one who answers.
    var seats: [Seat] = []
    var previousOperatorID: Int?
    var operatorNotFoundAt: Date?
    var closedAt: Date?
    var result: String?
    var isSpam = false
    var messages: [TwinMessage] = []
    var unreadCount = 0
    /// What operators have written, to count what was written twice.
    var operatorTexts: Set<String> = []

    init(id: String, number: Int, chat: TwinChat, client: TwinClient, name: String, startedAt: Date) {
        self.id = id
        self.number = number
        self.chat = chat
        self.client = client
        self.name = name
        self.startedAt = startedAt
    }

    var operatorID: Int? { stage == .withOperator ? seats.first?.operatorID : nil }
    var isOpen: Bool { stage != .closed }

    func isHeld(by operatorID: Int) -> Bool {
        stage == .withOperator && seats.contains { $0.operatorID == operatorID }
    }
}
