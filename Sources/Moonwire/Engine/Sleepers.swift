/// The sessions whose waiting runs are rows of the journal and nothing else, and those on their way back.
struct Sleepers {
    /// How many sessions one reading of the journal brings back at most.
    static let batch = 256

    private var asleep: Set<SessionDigest> = []
    /// Called and not back yet, with the sessions that wait for them.
    private var waking: [SessionDigest: [SessionID]] = [:]
    private var calls: [SessionDigest] = []
    private var isReading = false

    var count: Int { asleep.count + waking.count }

    /// Whether more sessions are on their way back than should be.
    var isBusy: Bool { waking.count >= Timetable.limit }

    /// Whether runs of the session may be in the journal only.
    func hold(_ session: SessionDigest) -> Bool {
        asleep.contains(session) || waking[session] != nil
    }

    mutating func add(_ sessions: some Sequence<SessionDigest>) {
        asleep.formUnion(sessions)
    }

    mutating func add(_ session: SessionDigest) {
        asleep.insert(session)
    }

    /// Asks for the runs of a session. `caller` goes on when they are back.
    mutating func call(_ session: SessionDigest, for caller: SessionID? = nil) {
        if asleep.remove(session) != nil {
            waking[session] = []
            calls.append(session)
        }
        if let caller, waking[session]?.contains(caller) == false { waking[session]?.append(caller) }
    }

    /// The sessions to read from the journal now; empty while a reading is under way.
    mutating func takeCalls() -> [SessionDigest] {
        guard !isReading, !calls.isEmpty else { return [] }
        let taken = Array(calls.prefix(Self.batch))
        calls.removeFirst(taken.count)
        isReading = true
        return taken
    }

    /// The runs of these sessions are back. Gives the sessions that waited for them.
    mutating func arrive(_ sessions: [SessionDigest]) -> [SessionID] {
        isReading = false
        return sessions.flatMap { waking.removeValue(forKey: $0) ?? [] }
    }
}
