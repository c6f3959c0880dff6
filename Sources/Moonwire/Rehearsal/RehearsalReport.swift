/// What a rehearsal found.
public struct RehearsalReport: Sendable {
    /// What a run did for the world to see: a step that changes something, or that the run failed.
    public struct Effect: Sendable {
        public let kind: String
        /// As the journal shows them; of a failed run its message.
        public let arguments: String
        /// `file:line` of the call; of a failed run empty.
        public let location: String
        let digest: UInt64

        static func failure(_ message: String) -> Effect {
            Effect(kind: "fails", arguments: String(message.prefix { !$0.isNewline }), location: "", digest: 0)
        }

        /// Whether the client would not tell the one from the other.
        func isSame(as other: Effect) -> Bool { kind == other.kind && digest == other.digest }
    }

    /// One line of a comparison.
    public enum Line: Sendable {
        case same(Effect)
        /// Only in the recording.
        case recorded(Effect)
        /// Only in the rehearsal.
        case candidate(Effect)
    }

    /// A step whose outcome the recording does not have. Its run stopped there, and the session was left.
    public struct Unknown: Sendable {
        public let kind: String
        public let arguments: String
        public let location: String
    }

    /// A session that would get something else, or of which that cannot be said to its end.
    public struct SessionReport: Sendable {
        public let session: SessionID
        public let lines: [Line]
        public let unknown: Unknown?

        public var differs: Bool {
            lines.contains { if case .same = $0 { false } else { true } }
        }
    }

    /// Sessions with an event in the time that was rehearsed.
    public var sessions = 0
    /// Events that were fed.
    public var events = 0
    /// Those that differ or are unknown, in the order of their first events.
    public var reports: [SessionReport] = []

    public init() {}

    public var different: Int { reports.count(where: \.differs) }
    public var unknown: Int { reports.count { $0.unknown != nil && !$0.differs } }
}

extension RehearsalReport.Line {
    /// Both sequences as one, with what they share in its place.
    static func comparison(
        of recorded: [RehearsalReport.Effect], with candidate: [RehearsalReport.Effect]
    ) -> [RehearsalReport.Line] {
        let difference = candidate.difference(from: recorded) { $0.isSame(as: $1) }
        var (removed, inserted): (Set<Int>, Set<Int>) = ([], [])
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [RehearsalReport.Line] = []
        var next = 0
        for (offset, effect) in recorded.enumerated() {
            if removed.contains(offset) {
                lines.append(.recorded(effect))
                continue
            }
            while inserted.contains(next) {
                lines.append(.candidate(candidate[next]))
                next += 1
            }
            lines.append(.same(effect))
            next += 1
        }
        return lines + candidate[min(next, candidate.count)...].map { .candidate($0) }
    }
}
