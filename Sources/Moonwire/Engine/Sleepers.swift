import DequeModule

/// The sessions whose waiting runs are rows of the journal and nothing else, and those on their way back.
struct Sleepers {
    /// How many sessions one reading of the journal brings back at most.
    static let batch = 256
    /// The same for sessions that nobody waits for, so that one whose client has just written waits for few others.
    static let patientBatch = 32

    /// A session that is on its way back.
    private struct Waking {
        /// Sessions that go on when the runs are there.
        var callers: [SessionID] = []
        var isUrgent = false
        /// Whether the journal is being asked for it.
        var isAsked = false
    }

    private var asleep: Set<SessionDigest> = []
    private var waking: [SessionDigest: Waking] = [:]
    private var urgent = Deque<SessionDigest>()
    private var patient = Deque<SessionDigest>()
    private var isReading = false

    var count: Int { asleep.count + waking.count }

    /// Whether more sessions with something to do are on their way back than should be.
    var isBusy: Bool { urgent.count >= Timetable.limit }

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

    /// Asks for the runs of a session, for an event or a deadline, or in good time. `caller` goes on when they are back.
    mutating func call(_ session: SessionDigest, for caller: SessionID? = nil, isUrgent: Bool = true) {
        if asleep.remove(session) != nil { waking[session] = Waking() }
        guard var state = waking[session] else { return }
        if let caller, !state.callers.contains(caller) { state.callers.append(caller) }
        if isUrgent, !state.isUrgent {
            state.isUrgent = true
            urgent.append(session)
        } else if !isUrgent, !state.isUrgent {
            patient.append(session)
        }
        waking[session] = state
    }

    /// The sessions to read from the journal now; empty while a reading is under way.
    mutating func takeCalls() -> [SessionDigest] {
        guard !isReading else { return [] }
        var taken: [SessionDigest] = []
        while taken.count < Self.batch, let session = urgent.popFirst() { take(session, into: &taken) }
        while taken.count < Self.patientBatch, let session = patient.popFirst() { take(session, into: &taken) }
        isReading = !taken.isEmpty
        return taken
    }

    private mutating func take(_ session: SessionDigest, into taken: inout [SessionDigest]) {
        guard waking[session]?.isAsked == false else { return }
        waking[session]?.isAsked = true
        taken.append(session)
    }

    /// The journal has answered for these sessions, and those of `again` have to be read once more. Gives the sessions
    /// that waited for the others.
    mutating func arrive(_ sessions: [SessionDigest], again: Set<SessionDigest> = []) -> [SessionID] {
        isReading = false
        for session in sessions where again.contains(session) {
            waking[session]?.isAsked = false
            waking[session]?.isUrgent = true
            urgent.append(session)
        }
        return sessions.flatMap { again.contains($0) ? [] : waking.removeValue(forKey: $0)?.callers ?? [] }
    }
}
