/// Why a wait ended without its event, as the journal keeps it: a word for the script, and behind it what a replay must
/// know besides: `timeout`, `cancelled: stop`, `retired: handover`.
public struct WaitReason: Sendable, Hashable {
    /// What the script is told.
    public let word: String
    public let detail: String?

    public init(_ recorded: String) {
        let parts = recorded.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        word = parts.first.map(String.init) ?? ""
        detail = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : nil
    }

    /// The cancel word that ended the wait; of nested dialogs it tells which one is meant.
    public var cancelWord: String? { word == "cancelled" ? detail : nil }

    /// The reason of a wait that a message of the peer cancelled.
    static func cancelled(by text: String) -> String { "cancelled: " + FoldedText.joinedWords(text) }
}

extension Retirement {
    /// The reason of a wait that ends in this way.
    var reason: String {
        switch self {
        case .handsOver: "retired: handover"
        case .cancels: "retired: cancel"
        }
    }

    init?(reason recorded: String) {
        let reason = WaitReason(recorded)
        guard reason.word == "retired" else { return nil }
        self = reason.detail == "handover" ? .handsOver : .cancels
    }
}
