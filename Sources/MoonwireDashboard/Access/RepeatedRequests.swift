import Crypto
import Foundation
import Moonwire
import Synchronization

/// Remembers what was answered to an `Idempotency-Key`, as long as its token lasts.
final class RepeatedRequests: Sendable {
    enum Verdict {
        /// New: it is to be carried out, and its answer to be kept.
        case first
        /// The same again.
        case answered(InboundResponse)
        /// The same again, while the first is still being carried out.
        case underWay
        /// The key stands for another request.
        case other
    }

    private struct Key: Hashable {
        let token: String
        let key: String
    }

    private struct Entry {
        let body: [UInt8]
        let expires: Int
        var answer: InboundResponse?
    }

    private let entries = Mutex<[Key: Entry]>([:])

    func begin(_ key: String, of token: DashboardToken, body: [UInt8], now: Instant) -> Verdict {
        let digest = Array(SHA256.hash(data: Data(body)))
        return entries.withLock { entries in
            entries = entries.filter { Double($0.value.expires) > now.seconds }
            let name = Key(token: token.id, key: key)
            guard let entry = entries[name] else {
                entries[name] = Entry(body: digest, expires: token.expires)
                return .first
            }
            guard entry.body == digest else { return .other }
            return entry.answer.map(Verdict.answered) ?? .underWay
        }
    }

    func finish(_ key: String, of token: DashboardToken, _ answer: InboundResponse) {
        entries.withLock { $0[Key(token: token.id, key: key)]?.answer = answer }
    }
}
