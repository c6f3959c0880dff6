/// The whole behaviour of an Action Cable client as a value: what happens goes in, what to do comes out.
///
/// Knows connections only by number, time only as an argument, and chance only as a function it is given. Inputs that
/// belong to an older connection are ignored, so the shell may report late.
struct CableMachine: Sendable {
    /// What the shell has to do, in order.
    enum Action: Sendable, Hashable {
        /// Open a connection and report under this number.
        case connect(Int)
        /// Abort the connection or the attempt, without a handshake.
        case drop(Int)
        case send([UInt8])
        case deliver(SubscriptionID, CableEvent)
        /// Nothing follows for this subscription.
        case finish(SubscriptionID)
        /// Nothing follows at all.
        case stop
    }

    enum Phase: Sendable, Hashable {
        case idle
        case connecting(deadline: Duration)
        /// The socket is open, the server has not said welcome.
        case opened(deadline: Duration)
        case live(since: Duration)
        case waiting(until: Duration)
        case stopped(reason: String)
    }

    let timing: CableTiming
    private let random: @Sendable () -> Double

    var phase = Phase.idle
    var connection = 0
    var subscriptions: [SubscriptionID: Subscription] = [:]
    var ids: [String: SubscriptionID] = [:]
    /// Subscriptions with something due: everything that waits for an answer or for time to pass.
    var unsettled: Set<SubscriptionID> = []
    /// Subscriptions waiting for room in the window, first come first served.
    var queue: [SubscriptionID] = []
    var subscribing = 0
    /// When identifiers were given back on this connection.
    var released: [String: Duration] = [:]
    /// Changes whenever a subscription comes, goes, or is live no longer.
    var routesVersion = 0

    var lastHeard: Duration = .zero
    var isDegraded = false
    var isReaderStalled = false
    private(set) var attempts = 0
    private(set) var lastFailure: String?
    private var nextID = 0

    init(timing: CableTiming, random: @escaping @Sendable () -> Double) {
        self.timing = timing
        self.random = random
    }

    var isStopped: Bool {
        if case .stopped = phase { true } else { false }
    }

    // MARK: Connections

    mutating func start(now: Duration) -> [Action] {
        guard phase == .idle else { return [] }
        return connect(now: now)
    }

    private mutating func connect(now: Duration) -> [Action] {
        connection += 1
        phase = .connecting(deadline: now + timing.connectTimeout)
        return [.connect(connection)]
    }

    /// The socket is open.
    mutating func opened(_ number: Int, now: Duration) -> [Action] {
        guard number == connection, case .connecting = phase else { return [] }
        phase = .opened(deadline: now + timing.welcomeTimeout)
        lastHeard = now
        return []
    }

    /// The attempt failed, or the open connection ended.
    mutating func ended(_ number: Int, _ failure: CableFailure, now: Duration) -> [Action] {
        guard number == connection else { return [] }
        switch phase {
        case .connecting, .opened, .live: break
        case .idle, .waiting, .stopped: return []
        }
        return failure.isFinal ? stop(reason: failure.reason) : lose(failure, now: now)
    }

    /// Leaves the connection behind and waits for the next attempt.
    mutating func lose(_ failure: CableFailure, now: Duration, drops: Bool = false) -> [Action] {
        var actions: [Action] = drops ? [.drop(connection)] : []
        // A server that welcomes and hangs up at once must not be hammered: only a connection that held resets.
        if case .live(let since) = phase, now - since >= timing.degradedAfter { attempts = 0 }
        let schedule = RetrySchedule(timing: timing)
        phase = .waiting(until: now + schedule.delay(attempt: attempts, cause: failure.cause, random: random()))
        attempts += 1
        lastFailure = failure.reason
        leaveConnection()
        actions += everyone(.disconnected(reason: failure.reason))
        return actions
    }

    mutating func stop(reason: String) -> [Action] {
        if isStopped { return [] }
        var actions: [Action] = []
        switch phase {
        case .connecting, .opened, .live: actions.append(.drop(connection))
        case .idle, .waiting, .stopped: break
        }
        phase = .stopped(reason: reason)
        actions += everyone(.stopped(reason: reason))
        actions += subscriptions.keys.sorted().map { .finish($0) }
        actions.append(.stop)
        leaveConnection()
        subscriptions = [:]
        ids = [:]
        return actions
    }

    // MARK: Frames

    /// Something was read from the socket.
    mutating func heard(_ number: Int, now: Duration) -> [Action] {
        guard number == connection else { return [] }
        lastHeard = now
        guard isDegraded else { return [] }
        isDegraded = false
        return everyone(.recovered)
    }

    /// A frame was read. Data frames are delivered through `dataTarget`.
    mutating func received(_ frame: CableFrame, _ number: Int, now: Duration) -> [Action] {
        guard number == connection else { return [] }
        switch (frame, phase) {
        case (.welcome, .opened):
            phase = .live(since: now)
            lastFailure = nil
            return subscribeAll(now: now)
        case (.disconnect(let reason, let reconnect), .opened), (.disconnect(let reason, let reconnect), .live):
            let words = Self.printable(reason)
            guard reconnect else { return stop(reason: "The server closed the connection for good: \(words).") }
            let failure = CableFailure(reason: "The server goes away: \(words).", cause: .goingAway)
            return lose(failure, now: now, drops: true)
        case (.confirm(let identifier), .live): return confirmed(identifier, now: now)
        case (.reject(let identifier), .live): return rejected(identifier, now: now)
        default: return []
        }
    }

    /// While the consumers are behind nothing is read, and silence proves nothing.
    mutating func readerStalled(_ isStalled: Bool, now: Duration) {
        isReaderStalled = isStalled
        lastHeard = max(lastHeard, now)
    }

    // MARK: Pieces

    mutating func makeID() -> SubscriptionID {
        nextID += 1
        return SubscriptionID(number: nextID)
    }

    func everyone(_ event: CableEvent) -> [Action] {
        subscriptions.keys.sorted().map { .deliver($0, event) }
    }

    mutating func reconnect(now: Duration) -> [Action] {
        connect(now: now)
    }

    private mutating func leaveConnection() {
        for id in subscriptions.keys { subscriptions[id]?.leaveConnection() }
        unsettled = []
        queue = []
        subscribing = 0
        released = [:]
        isDegraded = false
        isReaderStalled = false
        routesVersion += 1
    }

    /// A server's words, short and fit for a terminal.
    private static func printable(_ words: String) -> String {
        let clean = words.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(80)
        return clean.isEmpty ? "no reason given" : String(String.UnicodeScalarView(clean))
    }
}
