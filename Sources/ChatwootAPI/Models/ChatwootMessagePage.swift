internal import EventJSON

/// A part of a conversation's messages, with growing ids.
public struct ChatwootMessagePage: Hashable, Sendable {
    public let messages: [ChatwootMessage]
    /// The smallest id that the server sent: what `before` takes to read on.
    public let smallestID: Int?
    public let largestID: Int?
    /// Whether there may be more.
    public let isFull: Bool

    /// Reads a bare list, or one inside `payload`.
    init?(_ element: JSONElement, fullSize: Int, where isIncluded: (ChatwootMessage) -> Bool = { _ in true }) {
        let list = element["payload"] ?? element
        guard list.isArray else { return nil }
        let sent = list.elements.compactMap { ChatwootMessage($0) }.sorted { $0.id < $1.id }
        messages = sent.filter(isIncluded)
        smallestID = sent.first?.id
        largestID = sent.last?.id
        isFull = sent.count >= fullSize
    }
}
