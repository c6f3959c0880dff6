import Synchronization

/// The last requests, without anything that opens a door.
final class RequestLog: Sendable {
    struct Entry: Sendable {
        let number: Int
        let method: String
        let path: String
        let status: Int
        let milliseconds: Double
    }

    private struct State {
        var entries: [Entry] = []
        var count = 0
    }

    private static let capacity = 2000
    private let state = Mutex(State())

    /// Adds a request; status 0 stands for a connection that was closed without an answer.
    func add(method: String, path: String, status: Int, duration: Duration) {
        let redacted = Self.redact(path)
        state.withLock { state in
            state.count += 1
            if state.entries.count >= 2 * Self.capacity { state.entries.removeFirst(Self.capacity) }
            state.entries.append(
                Entry(
                    number: state.count, method: method, path: redacted, status: status,
                    milliseconds: (duration / .microseconds(1)).rounded() / 1000))
        }
    }

    func entries(after number: Int, containing text: String) -> [Entry] {
        state.withLock { $0.entries }.filter { $0.number > number && (text.isEmpty || $0.path.contains(text)) }
            .suffix(Self.capacity)
    }

    var count: Int { state.withLock { $0.count } }

    func clear() { state.withLock { $0.entries = [] } }

    /// Hides inbox identifiers, source ids and file keys, and every query but the paging of lists.
    static func redact(_ path: String) -> String {
        let parts = path.split(separator: "?", maxSplits: 1)
        var segments = (parts.first ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if path.hasPrefix("/public/") {
            for index in segments.indices.dropFirst() where ["inboxes", "contacts"].contains(segments[index - 1]) {
                segments[index] = "***"
            }
        }
        if path.hasPrefix("/rails/"), segments.count > 2 { segments[segments.count - 2] = "***" }
        let harmless =
            ["before", "after", "page", "status", "updated_within", "sort_by", "assignee_type"]
            + ["limit", "offset", "sort", "from", "to", "operatorId"]
        let query = parts.dropFirst().first?.split(separator: "&").filter { pair in
            harmless.contains(String(pair.split(separator: "=").first ?? ""))
        }
        let kept = (query ?? []).joined(separator: "&")
        return segments.joined(separator: "/") + (kept.isEmpty ? "" : "?\(kept)")
    }
}
