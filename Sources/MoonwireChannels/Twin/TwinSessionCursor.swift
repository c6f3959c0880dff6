/// How far a list of sessions, the newest first, has been read.
///
/// What begins after the first page was read is left out, so that nothing moves from one page to the next.
struct TwinSessionCursor: Equatable {
    /// When the first page was read, in seconds by the platform's clock.
    let readAt: Int
    var offset = 0
    /// The first session of the page before: an installation that ignores the offset sends it again.
    var first = ""

    init(readAt: Int) {
        self.readAt = readAt
    }

    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let readAt = Int(parts[0]), let offset = Int(parts[1]), offset >= 0 else { return nil }
        self.readAt = readAt
        self.offset = offset
        first = String(parts[2])
    }

    var text: String { "\(readAt):\(offset):\(first)" }

    /// The cursor behind a page; `nil` at the end.
    func next(sent: Int, first: String?, count: Int?) -> TwinSessionCursor? {
        guard sent > 0, let first, first != self.first else { return nil }
        var next = self
        next.offset += sent
        next.first = first
        if let count, next.offset >= count { return nil }
        return next
    }
}
