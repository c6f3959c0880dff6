import GRDB
public import Moonwire

extension SQLiteJournal {
    /// Looks for old rows on the second connection and removes them in small transactions between the groups of the
    /// writer, so that no event waits for a clean-up.
    public func prune(_ policy: RetentionPolicy, now: Instant) async throws(JournalError) -> Int {
        let payloads = Instant(rawValue: now.rawValue &- policy.payloads.milliseconds)
        let keys = Instant(rawValue: now.rawValue &- policy.keys.milliseconds)
        var removed = 0
        for target in RetentionTarget.all(payloads: payloads, keys: keys, now: now) {
            var last = Int64.min
            while true {
                let position = last
                let found = try await read { try target.candidates($0, after: position) }
                guard let newest = found.last else { break }
                last = newest
                for start in stride(from: 0, to: found.count, by: RetentionTarget.chunk) {
                    let chunk = found[start..<min(start + RetentionTarget.chunk, found.count)]
                    removed += try await between { try target.remove(chunk, $0) }
                }
            }
        }
        removed += try await between { try RetentionTarget.removeStores($0, now: now) }
        var forgotten = RetentionTarget.page
        while forgotten >= RetentionTarget.page {
            forgotten = try await between { try RetentionTarget.removeTopicMessages($0, now: now) }
            removed += forgotten
        }
        let ended = Instant(rawValue: now.rawValue &- policy.broadcasts.milliseconds)
        removed += try await between { try RetentionTarget.deleteBroadcasts($0, endedBefore: ended) }
        removed += try await between { try RetentionTarget.removeVersions($0, unusedSince: payloads, now: now) }
        return removed
    }
}
