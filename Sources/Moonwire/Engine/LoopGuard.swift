/// Stops a session in which two bots talk to each other: more than `limit` messages of ours within a minute, with
/// fewer than half as many from the peer.
struct LoopGuard {
    /// How many messages a minute are always allowed.
    let limit: Int
    private var sent: [Instant] = []
    private var received: [Instant] = []
    private static let window: Duration = .seconds(60)

    init(limit: Int) {
        self.limit = limit
    }

    mutating func peerSpoke(at now: Instant) {
        forget(before: now)
        received.append(now)
        // Of ours at most twice the limit are remembered, so that more of the peer's than that can never matter.
        if received.count > limit * 2 { received.removeFirst(received.count - limit * 2) }
    }

    /// Whether one more message may go out now; counts it when it may.
    mutating func maySpeak(at now: Instant) -> Bool {
        forget(before: now)
        if sent.count >= limit, received.count * 2 < sent.count + 1 { return false }
        sent.append(now)
        if sent.count > limit * 2 { sent.removeFirst(sent.count - limit * 2) }
        return true
    }

    /// Whether one more message may go out now, whatever the peer wrote; counts it when it may.
    mutating func mayAnswer(at now: Instant, limit: Int) -> Bool {
        forget(before: now)
        guard sent.count < limit else { return false }
        sent.append(now)
        return true
    }

    /// Whether nothing within the window is remembered.
    mutating func isIdle(at now: Instant) -> Bool {
        forget(before: now)
        return sent.isEmpty && received.isEmpty
    }

    private mutating func forget(before now: Instant) {
        let start = Instant(rawValue: now.rawValue - Self.window.milliseconds)
        if let first = sent.first, first <= start { sent.removeAll { $0 <= start } }
        if let first = received.first, first <= start { received.removeAll { $0 <= start } }
    }
}
