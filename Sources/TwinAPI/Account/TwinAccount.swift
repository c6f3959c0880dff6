internal import CurlHTTP

/// An operator's seat: signs in, and keeps a token good for all who need one.
///
/// Run it in a task of its own; requests of a ``TwinOperatorAPI`` wait meanwhile until there is a token. One account
/// belongs in one process: a second login may throw out the first. May be used from anywhere.
public actor TwinAccount {
    public nonisolated let installation: TwinInstallation
    /// What happens to the sign-in, for logs and alarms. For one reader; ends after `stopped`.
    public nonisolated let events: AsyncStream<TwinAccountEvent>
    nonisolated let transport: any TwinTransport

    private let signIn: TwinSignIn
    private let time: TwinAccountTime
    private let changes = TwinBulletin()
    private let tell: AsyncStream<TwinAccountEvent>.Continuation
    private var machine: TwinTokenMachine
    private var isRunning = false

    public init(
        _ installation: TwinInstallation, credentials: TwinCredentials, transport: any TwinTransport,
        policy: TwinTokenPolicy = TwinTokenPolicy(), clock: any Clock<Duration> = ContinuousClock(),
        wallClock: @escaping @Sendable () -> Double = TwinClock.now,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.installation = installation
        self.transport = transport
        signIn = TwinSignIn(
            requester: TwinRequester(installation, .iam, transport: transport), credentials: credentials,
            ttl: policy.ttl, wallClock: wallClock)
        time = TwinAccountTime(clock)
        machine = TwinTokenMachine(policy: policy, random: random)
        (events, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
    }

    /// Signs in, and renews the token in good time, until the task is cancelled, the account is stopped, or the platform
    /// refuses the sign-in for good. May be called again after a cancellation.
    public func run() async {
        guard !isRunning else { return }
        isRunning = true
        defer { isRunning = false }
        while !Task.isCancelled {
            let seen = changes.version
            switch machine.step(now: time.now()) {
            case .attempt(let attempt): await perform(attempt)
            case .sleep(let until): await wait(after: seen, until: until)
            case .wait: await wait(after: seen, until: nil)
            case .end: return
            }
        }
    }

    /// Runs the account for as long as `body` takes.
    public nonisolated func running<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                await self.run()
                return nil
            }
            group.addTask { try await body() }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let value = ended { return value }
            }
            throw CancellationError()
        }
    }

    /// Forgets the tokens and refuses every request from now on, before it is sent. For an operator who was blocked or
    /// displaced, and for the end.
    public func stop(_ reason: String) {
        machine.stop(.stopped(reason))
        publish()
    }

    /// Stops the account as one that cannot sign in: the live stream refuses tokens that the platform gave.
    public func fail(_ reason: String) {
        machine.stop(TwinError(.authFailed, message: reason))
        publish()
    }

    /// A token that is good now; waits for one up to the policy's limit.
    ///
    /// Throws `authFailed` and `stopped` at once, `noToken` at the limit.
    func token(after refused: TwinToken? = nil) async throws(TwinError) -> TwinToken {
        let limit = time.now() + machine.policy.waitLimit
        while true {
            let seen = changes.version
            let now = time.now()
            switch machine.access(after: refused?.generation, now: now) {
            case .use(let token): return token
            case .fail(let error): throw error
            case .begin: publish()
            case .wait(let until):
                if Task.isCancelled { throw .givenUp }
                guard now < limit else {
                    throw .noToken(within: machine.policy.waitLimit, because: machine.lastFailure)
                }
                await wait(after: seen, until: min(until ?? limit, limit))
            }
        }
    }

    /// Hears that a request was refused. Returns whether it may be repeated with another token.
    func reject(_ token: TwinToken, _ rejection: TwinRejection, endpoint: String? = nil) -> Bool {
        // Thousands may be refused together: those who wait are woken only by the first.
        let version = machine.version
        let isRepeatable = machine.reject(token.generation, rejection, endpoint: endpoint, now: time.now())
        publish(since: version)
        return isRepeatable
    }

    /// Hears that the operator may not do something with a new token either.
    func deny(_ endpoint: String) { machine.deny(endpoint, now: time.now()) }

    /// Why a refused token is not renewed.
    var refusal: TwinError {
        if case .fail(let error) = machine.access(now: time.now()) { return error }
        return .tooManyRenewals(machine.policy.forcedLimit)
    }

    private func perform(_ attempt: TwinTokenMachine.Attempt) async {
        // Those who wait for the renewal now know how long.
        changes.publish()
        do throws(TwinError) {
            let grant = try await signIn.grant(attempt)
            machine.granted(grant, now: time.now())
        } catch {
            if Task.isCancelled { machine.abandoned() } else { machine.failed(error, now: time.now()) }
        }
        publish()
    }

    private func publish(since version: Int? = nil) {
        for event in machine.takeEvents() {
            tell.yield(event)
            if case .stopped = event { tell.finish() }
        }
        if machine.version != version { changes.publish() }
    }

    private func wait(after version: Int, until: Duration?) async {
        let (changes, time) = (changes, time)
        guard let until else { return await changes.wait(after: version) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await changes.wait(after: version) }
            group.addTask { await time.sleep(until) }
            await group.next()
            group.cancelAll()
        }
    }
}
