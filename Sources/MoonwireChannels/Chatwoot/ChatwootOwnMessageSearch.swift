import ChatwootAPI
import Moonwire

/// Looks through a session's messages for one that the host may have sent: the platform takes no idempotency key, so
/// that content, author and time must do.
struct ChatwootOwnMessageSearch {
    enum Found {
        case one(ChatwootMessage)
        case none
        case several
    }

    /// The platform's clock may be behind ours by this much.
    private static let skew: Int64 = 5_000

    let since: Instant
    let content: String
    let isPrivate: Bool
    /// Messages that other steps are known to have made.
    let recorded: Set<String>

    /// - Parameter page: Reads the newest page, or the one before an id.
    func run(
        _ page: (_ before: Int?) async throws -> ChatwootMessagePage, isOwn: (ChatwootMessage) -> Bool
    ) async throws -> Found {
        let start = Instant(rawValue: since.rawValue - Self.skew)
        var candidates: [ChatwootMessage] = []
        var before: Int?
        search: for _ in 0..<50 {
            let page = try await page(before)
            for message in page.messages.reversed() {
                guard Instant(seconds: message.createdAt?.secondsSince1970 ?? 0).rawValue + 999 >= start.rawValue
                else { break search }
                if isOwn(message), (message.content ?? "") == content, message.isPrivate == isPrivate,
                    !recorded.contains(String(message.id))
                {
                    candidates.append(message)
                }
            }
            guard page.isFull, let smallest = page.smallestID else { break }
            before = smallest
        }
        switch candidates.count {
        case 0: return .none
        case 1: return .one(candidates[0])
        default: return .several
        }
    }
}
