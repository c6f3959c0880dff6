import Moonwire
import Synchronization

/// Codes that are good once and for a short time, each for one person and one app.
final class OneTimeCodes: Sendable {
    struct Grant: Sendable, Hashable {
        let app: String
        let person: Operator
    }

    private struct Entry {
        let grant: Grant
        let expires: Instant
    }

    private let entries = Mutex<[String: Entry]>([:])
    private static let most = 10_000

    /// - Returns: `false` when too many are open; it does not happen to people.
    func add(_ code: String, _ grant: Grant, until expires: Instant, now: Instant) -> Bool {
        entries.withLock { entries in
            entries = entries.filter { $0.value.expires > now }
            guard entries.count < Self.most else { return false }
            entries[code] = Entry(grant: grant, expires: expires)
            return true
        }
    }

    /// Takes the code out of circulation.
    func redeem(_ code: String, app: String, now: Instant) -> Operator? {
        entries.withLock { entries in
            // Every code is looked at, whichever it is.
            var found: String?
            for known in entries.keys where Secrecy.isEqual(known, code) { found = known }
            guard let found, let entry = entries[found], entry.grant.app == app else { return nil }
            entries[found] = nil
            return entry.expires > now ? entry.grant.person : nil
        }
    }
}
