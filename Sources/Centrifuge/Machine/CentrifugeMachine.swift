/// The whole behaviour of a client as a value: what happens goes in, what to do comes out.
///
/// Knows connections only by number, time only as an argument, and chance only as a function it is given. Inputs that
/// belong to an older connection are ignored, so the shell may report late. Events for the application gather in the
/// inbox, from which the shell takes them when the consumer asks.
struct CentrifugeMachine: Sendable {
    /// What the shell has to do, in order.
    enum Action: Sendable, Hashable {
        /// Ask a provider and report the answer.
        case ask(CredentialQuestion)
        /// Open a socket and report under this number.
        case open(Int)
        /// Say goodbye on the socket.
        case close(Int)
        /// Abort the socket or the attempt, without a handshake.
        case drop(Int)
        /// A message: one command, or several with newlines between.
        case send([UInt8])
        case complete(CallID, Result<ReplyBody, CentrifugeError>)
        case note(MachineNote)
        /// Nothing follows before the next start.
        case stop
    }

    enum Phase: Sendable, Hashable {
        case idle
        /// Credentials are being had.
        case preparing
        case opening(deadline: Duration)
        /// The socket is open, the connect command is not answered.
        case joining
        case connected(since: Duration)
        case waiting(until: Duration)
        case stopped
    }

    let settings: MachineSettings
    private let random: @Sendable () -> Double
    var timing: CentrifugeTiming { settings.timing }

    var phase = Phase.idle
    var connection = 0
    var inbox: Inbox
    var pending = PendingCommands()
    /// Calls that wait for a connection, oldest first.
    var waitingCalls: [WaitingCall] = []
    var serverStreams: [String: ChannelStream] = [:]
    var subscriptions: [String: ClientSubscription] = [:]
    /// No subscription has anything due before this time.
    var subscriptionsDue: Duration?

    var token: String
    var needsNewToken = false
    /// The question of the connection that waits for an answer.
    var question: CredentialQuestion?
    var connectData: [UInt8]?
    var refreshDue: Duration?

    var lastHeard: Duration = .zero
    /// Time between the server's pings; `nil` when it sends none.
    var pingInterval: Duration?
    var wantsPong = false
    var hasNotedGap = false
    var duplicates = 0

    private(set) var attempts = 0
    private(set) var lastFailure: CentrifugeReason?
    /// Whether the next attempt waits until the consumer has taken everything.
    private(set) var isHeldBack = false
    private var refusals = 0
    private var unreadable: [Duration] = []
    private var numbers = 0

    init(settings: MachineSettings, random: @escaping @Sendable () -> Double) {
        self.settings = settings
        self.random = random
        self.token = settings.token
        self.inbox = Inbox(maxEvents: settings.maxWaitingEvents, maxBytes: settings.maxWaitingBytes)
        for (channel, position) in settings.positions {
            serverStreams[channel] = ChannelStream(isRecoverable: true, position: position)
        }
    }

    var isStopped: Bool { phase == .stopped }

    var isConnected: Bool {
        if case .connected = phase { true } else { false }
    }

    /// Whether commands may be written.
    var isOpen: Bool { phase == .joining || isConnected }

    // MARK: Start and end

    /// Starts, for the first time or after an end.
    mutating func start(now: Duration) -> [Action] {
        guard phase == .idle || isStopped else { return [] }
        inbox.isEnded = false
        attempts = 0
        refusals = 0
        lastFailure = nil
        inbox.append(.connecting(.connectCalled))
        return attempt(now: now)
    }

    /// Ends for good at the application's wish. What the server subscribed is forgotten.
    mutating func stop(now: Duration) -> [Action] {
        guard phase != .idle, !isStopped else { return [] }
        for channel in serverStreams.keys.sorted() {
            inbox.append(.unsubscribed(channel: channel, .clientClosed))
        }
        serverStreams = [:]
        return leave(.disconnectCalled, .forGood, .close, now: now)
    }

    /// The socket's end, or that of the attempt to open it.
    mutating func ended(_ number: Int, _ end: ConnectionEnd, now: Duration) -> [Action] {
        guard number == connection else { return [] }
        switch phase {
        case .opening, .joining, .connected: break
        case .idle, .preparing, .waiting, .stopped: return []
        }
        switch end {
        case .closed(let code, let reason): return farewell(Farewell(code: code, reason: reason), .gone, now: now)
        case .tooLarge(let error):
            // A recovery would bring the same again.
            forgetStreams()
            return leave(.messageTooLarge, .forNow, .gone, error: error, now: now)
        case .hopeless(let error):
            inbox.append(.failure(error))
            return leave(.badConfiguration, .forGood, .gone, now: now)
        case .failed(let error, let retryAfter):
            return refused(error, retryAfter: retryAfter, now: now)
        }
    }

    /// Follows a close code.
    mutating func farewell(_ farewell: Farewell, _ parting: Parting, now: Duration) -> [Action] {
        switch farewell.reason.code {
        case 3005: needsNewToken = true
        case 3014: forgetPositions()
        default: break
        }
        return leave(farewell.reason, farewell.reconnects ? .forNow : .forGood, parting, now: now)
    }

    private mutating func refused(_ error: CentrifugeError, retryAfter: Duration?, now: Duration) -> [Action] {
        let isRefusal = [401, 403, 404].contains(error.httpStatus)
        refusals = isRefusal ? refusals + 1 : 0
        let isAlarming = refusals >= timing.refusalsBeforeAlarm
        var shortest = min(retryAfter ?? .zero, timing.maxRetryAfter)
        if isAlarming { shortest = max(shortest, timing.maxRetryDelay) }
        let actions = leave(.transportClosed, .forNow, .gone, error: error, shortest: shortest, now: now)
        if refusals == timing.refusalsBeforeAlarm {
            inbox.append(.failure(.refusedRepeatedly(refusals, error)))
        }
        return actions
    }

    /// Input that is no JSON: worth a few new connections, in case something on the way was broken.
    mutating func gotUnreadable(now: Duration) -> [Action] {
        unreadable = unreadable.filter { now - $0 < timing.unreadablePeriod }
        guard unreadable.count < timing.maxUnreadable else { return leave(.badProtocol, .forGood, .close, now: now) }
        unreadable.append(now)
        let error = CentrifugeError(.transport, 2, "The server sent something that is not JSON.", retryable: true)
        return leave(.badProtocol, .forNow, .close, error: error, now: now)
    }

    // MARK: Leaving a connection

    enum Fate: Sendable { case forNow, forGood }

    /// What is to be done about the socket.
    enum Parting: Sendable { case gone, close, drop }

    /// Leaves the connection or the attempt behind: for the next one, or for good.
    mutating func leave(
        _ reason: CentrifugeReason, _ fate: Fate, _ parting: Parting, error: CentrifugeError? = nil,
        shortest: Duration = .zero, now: Duration
    ) -> [Action] {
        var actions: [Action] = []
        let isFinal = fate == .forGood
        var wasConnected = false
        if case .connected(let since) = phase {
            wasConnected = true
            // A server that accepts and hangs up at once must not be hammered.
            if now - since >= timing.stableAfter {
                attempts = 0
            } else if !isFinal {
                actions.append(.note(.shortLife))
            }
        }
        let end = closing(parting)
        phase = isFinal ? .stopped : .waiting(until: now)
        lastFailure = reason
        actions += failCalls(isFinal ? .disconnected : .connectionLost, andWaiting: isFinal)
        actions += end
        interruptSubscriptions(wasConnected: wasConnected)
        question = nil
        refreshDue = nil
        pingInterval = nil
        hasNotedGap = false
        if isFinal {
            inbox.append(.disconnected(reason))
            inbox.isEnded = true
            return actions + [.stop]
        }
        if wasConnected { inbox.append(.connecting(reason)) }
        if let error {
            inbox.append(.failure(error))
        } else if !wasConnected {
            inbox.append(.failure(CentrifugeError(reason)))
        }
        phase = .waiting(until: now + max(shortest, retryDelay(attempts)))
        attempts += 1
        isHeldBack = inbox.isFull
        return actions
    }

    private func closing(_ parting: Parting) -> [Action] {
        switch (phase, parting) {
        case (.joining, .close), (.connected, .close): [.close(connection)]
        case (.opening, .close), (.opening, .drop), (.joining, .drop), (.connected, .drop): [.drop(connection)]
        default: []
        }
    }

    /// The consumer is too far behind: what is too much is thrown away, to be recovered when it has caught up.
    mutating func overflow(now: Duration) -> [Action] {
        for (event, mark) in inbox.cut() {
            guard case .publication(let channel, _) = event else { continue }
            serverStreams[channel]?.rewind(to: mark)
            subscriptions[channel]?.stream?.rewind(to: mark)
        }
        return [.note(.consumerBehind)] + leave(.consumerBehind, .forNow, .close, now: now)
    }

    // MARK: Pieces

    /// Hands the waiting events to the consumer, which by asking says that it is done with the last ones.
    mutating func takeEvents() -> [CentrifugeEvent] {
        if inbox.isEmpty { isHeldBack = false }
        return inbox.take()
    }

    /// Whether the end of the run is what the consumer gets now. It gets it once.
    mutating func endIsTaken() -> Bool {
        guard inbox.isEnded, inbox.isEmpty else { return false }
        inbox.isEnded = false
        return true
    }

    mutating func accepted() {
        needsNewToken = false
        refusals = 0
        lastFailure = nil
    }

    mutating func makeQuestion(_ subject: CredentialQuestion.Subject) -> CredentialQuestion {
        numbers += 1
        return CredentialQuestion(number: numbers, subject: subject)
    }

    func retryDelay(_ step: Int) -> Duration {
        BackOff(shortest: timing.minRetryDelay, longest: timing.maxRetryDelay).delay(step: step, random: random())
    }

    func refreshRetryDelay() -> Duration {
        BackOff(shortest: timing.minRefreshRetry, longest: timing.maxRefreshRetry).delay(step: 0, random: random())
    }
}
