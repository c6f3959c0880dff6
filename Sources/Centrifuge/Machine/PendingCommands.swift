/// The commands that the server has not answered, oldest first.
struct PendingCommands: Sendable {
    enum Purpose: Sendable, Hashable {
        case connect
        case subscribe(channel: String)
        case unsubscribe(channel: String)
        case refresh
        case subRefresh(channel: String)
        case call(CallID, String)
    }

    struct Entry: Sendable, Hashable {
        var purpose: Purpose
        var deadline: Duration
    }

    private var entries: [UInt32: Entry] = [:]
    private var nextID: UInt32 = 1
    /// No id below this one is pending. Ids rise with time, and so do deadlines.
    private var oldest: UInt32 = 1

    /// Takes the next id. The count goes on over reconnects; it starts again in the unlikely case of running out.
    mutating func add(_ purpose: Purpose, deadline: Duration) -> UInt32 {
        let id = nextID
        entries[id] = Entry(purpose: purpose, deadline: deadline)
        nextID = nextID == .max ? 1 : nextID + 1
        if nextID == 1 { oldest = 1 }
        return id
    }

    mutating func remove(_ id: UInt32) -> Entry? {
        let entry = entries.removeValue(forKey: id)
        if entry != nil { advance() }
        return entry
    }

    /// The oldest command, if its time is over.
    mutating func removeExpired(now: Duration) -> Entry? {
        guard let entry = entries[oldest], entry.deadline <= now else { return nil }
        return remove(oldest)
    }

    mutating func removeAll() -> [Entry] {
        defer {
            entries = [:]
            oldest = nextID
        }
        return entries.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Forgets a call that nobody waits for any more; its answer will be one to an unknown id.
    mutating func cancel(_ call: CallID) {
        let found = entries.first { _, entry in
            if case .call(call, _) = entry.purpose { true } else { false }
        }
        if let found { _ = remove(found.key) }
    }

    var nextDeadline: Duration? { entries[oldest]?.deadline }

    private mutating func advance() {
        while oldest != nextID, entries[oldest] == nil { oldest = oldest == .max ? 1 : oldest + 1 }
    }
}

/// Names a call of the application.
struct CallID: Hashable, Sendable {
    var number: Int
}
