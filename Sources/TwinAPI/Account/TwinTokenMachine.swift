/// The life of an operator's token as a value: what happens goes in, what to do comes out.
///
/// Knows time only as an argument, on a scale of its own, and chance only as a function it is given. At most one renewal
/// runs at any time, for all who need one.
struct TwinTokenMachine: Sendable {
    /// What the shell has to do.
    enum Step: Hashable, Sendable {
        /// Ask the platform, and report with `finish`.
        case attempt(Attempt)
        case sleep(until: Duration)
        /// Nothing is due until something happens.
        case wait
        /// Nothing is due any more.
        case end
    }

    /// How a token is asked for.
    enum Attempt: Hashable, Sendable {
        case refresh(TwinToken, TwinSecret)
        case login
    }

    /// What a request gets that asks for a token.
    enum Access: Sendable {
        case use(TwinToken)
        /// A renewal has become due: have `step` called, and ask again.
        case begin
        /// Ask again when something has happened, at this time at the latest.
        case wait(until: Duration?)
        case fail(TwinError)
    }

    private enum Phase {
        case idle
        /// A renewal is wanted and has not begun.
        case due
        case running(Attempt, since: Duration)
        case pausing(until: Duration)
        case stopped(TwinError)
    }

    let policy: TwinTokenPolicy
    private let random: @Sendable () -> Double

    private var phase = Phase.due {
        didSet { version += 1 }
    }
    /// Changes with all that a waiting request or the shell may wait for.
    private(set) var version = 0
    private var token: TwinToken?
    /// Whether the platform said that the token is over.
    private var isTokenDead = false
    private var refreshSecret: TwinSecret?
    private var renewAt: Duration = .zero
    private var failures = 0
    /// When renewals were made because of a refusal.
    private var forced: [Duration] = []
    private var saidTooMany = false
    /// What the operator may not do with a new token either, and when that was seen.
    private var denied: [String: Duration] = [:]
    private(set) var lastFailure: TwinError?
    private var events: [TwinAccountEvent] = []

    init(policy: TwinTokenPolicy, random: @escaping @Sendable () -> Double) {
        self.policy = policy
        self.random = random
    }

    /// A token for a request; never the one of the generation that was refused.
    mutating func access(after refused: Int? = nil, now: Duration) -> Access {
        if case .stopped(let error) = phase { return .fail(error) }
        let usable = token.flatMap { $0.generation == refused || isTokenDead || now >= $0.expiresAt ? nil : $0 }
        switch (usable, phase) {
        case (nil, .idle):
            phase = .due
            return .begin
        case (nil, _): return .wait(until: nil)
        case (let token?, .running(_, let since)) where now < min(since + policy.patience, token.expiresAt):
            return .wait(until: min(since + policy.patience, token.expiresAt))
        case (_?, .due): return .wait(until: nil)
        case (let token?, _): return .use(token)
        }
    }

    /// Hears that a request was refused. Returns whether it may be repeated with another token.
    ///
    /// - Parameter endpoint: What was asked, without the ids in it.
    mutating func reject(
        _ generation: Int, _ rejection: TwinRejection, endpoint: String? = nil, now: Duration
    ) -> Bool {
        guard let token else { return !isStopped }
        switch phase {
        case .stopped: return false
        // Another request was refused before, and the token is being renewed or was.
        case _ where generation < token.generation: return true
        case .due, .running, .pausing:
            if rejection == .expired { isTokenDead = true }
            return true
        case .idle:
            if rejection == .forbidden {
                guard now - token.obtainedAt > policy.minimumAge else { return false }
                if let seen = endpoint.flatMap({ denied[$0] }), now - seen < policy.forcedWindow { return false }
            }
            guard takeForced(now: now) else { return false }
            isTokenDead = rejection == .expired
            phase = .due
            return true
        }
    }

    /// Hears that a new token was refused for that as well, so that a renewal would help no better the next time.
    mutating func deny(_ endpoint: String, now: Duration) { denied[endpoint] = now }

    /// What to do now.
    mutating func step(now: Duration) -> Step {
        switch phase {
        case .stopped: return .end
        case .running: return .wait
        case .due: return begin(now: now)
        case .pausing(let until): return now >= until ? begin(now: now) : .sleep(until: until)
        case .idle: return token == nil || now >= renewAt ? begin(now: now) : .sleep(until: renewAt)
        }
    }

    /// The attempt succeeded.
    mutating func granted(_ grant: TwinGrant, now: Duration) {
        guard case .running(let attempt, _) = phase else { return }
        refreshSecret = grant.refreshSecret ?? (attempt == .login ? nil : refreshSecret)
        token = TwinToken(
            secret: grant.secret, generation: (token?.generation ?? 0) + 1, obtainedAt: now,
            expiresAt: now + grant.life)
        isTokenDead = false
        renewAt = now + policy.age(forRenewalAt: grant.life, random: random())
        failures = 0
        lastFailure = nil
        phase = .idle
        events.append(attempt == .login ? .loggedIn : .refreshed)
    }

    /// The attempt failed.
    mutating func failed(_ error: TwinError, now: Duration) {
        guard case .running(let attempt, _) = phase else { return }
        lastFailure = error
        switch attempt {
        case .refresh where error.isFinalForSignIn:
            refreshSecret = nil
            phase = .due
        case .login where error.isRefusedSignIn:
            stop(error.authFailed())
        case .refresh, .login:
            failures += 1
            let delay = policy.retryDelay(after: failures, random: random())
            let wait = max(delay, min(error.retryAfter ?? .zero, .seconds(3600)))
            phase = .pausing(until: now + wait)
            events.append(.retrying(error, after: wait))
        }
    }

    /// The attempt was given up before its end. Whoever needs it asks again; a token that is good still is.
    mutating func abandoned() {
        if case .running = phase { phase = .idle }
    }

    /// Forgets the tokens; nothing follows.
    mutating func stop(_ error: TwinError) {
        guard !isStopped else { return }
        phase = .stopped(error)
        token = nil
        refreshSecret = nil
        events.append(.stopped(error))
    }

    /// What has to be told since the last call.
    mutating func takeEvents() -> [TwinAccountEvent] {
        defer { events = [] }
        return events
    }

    private var isStopped: Bool {
        if case .stopped = phase { true } else { false }
    }

    private mutating func begin(now: Duration) -> Step {
        let attempt: Attempt
        if policy.usesRefresh, let token, let refreshSecret {
            attempt = .refresh(token, refreshSecret)
        } else {
            attempt = .login
        }
        phase = .running(attempt, since: now)
        return .attempt(attempt)
    }

    /// Counts a renewal because of a refusal, unless there were too many.
    private mutating func takeForced(now: Duration) -> Bool {
        forced.removeAll { now - $0 >= policy.forcedWindow }
        if forced.count < policy.forcedLimit {
            forced.append(now)
            saidTooMany = false
            return true
        }
        if !saidTooMany { events.append(.tooManyRenewals(.tooManyRenewals(policy.forcedLimit))) }
        saidTooMany = true
        return false
    }
}
