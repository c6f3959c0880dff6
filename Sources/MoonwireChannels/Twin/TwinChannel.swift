public import Logging
public import Moonwire
public import TwinAPI

/// An operator's seat on TWIN24: follows the live stream, answers, hands over, finishes.
///
/// Knows the seat's life: sign in, connect, come online, look through everything after each gap, and leave for good when
/// the platform says so. What events mean for sessions is its seat's work. It knows nothing of scripts or journals; what
/// it reads it hands to its context, in order. To be run once.
public final class TwinChannel: Channel {
    public let descriptor: ChannelDescriptor
    let account: TwinAccount
    let seat: TwinSeat
    let settings: TwinChannelSettings
    let logins: LoginWatch
    let queue = TwinStreamQueue()
    let logger: Logger

    /// What a channel of TWIN24 can do, without making one.
    public static func descriptor(id: ChannelID) -> ChannelDescriptor {
        ChannelDescriptor(
            id: id, platform: .twin24, role: .operator, capabilities: TwinSeat.capabilities,
            bestEffort: TwinSeat.bestEffort)
    }

    /// - Parameters:
    ///   - transport: Carries the requests of this channel.
    ///   - methods: What is known of unpublished methods; shared by the channels of a host.
    public init(
        id: ChannelID, installation: TwinInstallation, credentials: TwinCredentials, transport: any TwinTransport,
        methods: TwinMethods = TwinMethods(), policy: TwinTokenPolicy = TwinTokenPolicy(),
        settings: TwinChannelSettings, logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "channel"] = "\(id)"
        self.logger = logger
        self.settings = settings
        descriptor = Self.descriptor(id: id)
        logins = LoginWatch(transport)
        let account = TwinAccount(installation, credentials: credentials, transport: logins, policy: policy)
        self.account = account
        let queue = queue
        let notifier = settings.notifications.map { notifications in
            TwinNotifier(api: TwinNotificationAPI(account), settings: notifications, sender: credentials.email)
        }
        seat = TwinSeat(
            id: id, api: TwinOperatorAPI(account, methods: methods),
            clients: TwinClientAPI(installation, transport: logins), notifier: notifier, settings: settings,
            logger: logger, requestReview: { queue.push(.review) })
    }

    public func run(_ context: ChannelContext) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [account] in
                    await account.run()
                    // What ended it is told by its events.
                    try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
                }
                group.addTask { try await self.watchAccount() }
                group.addTask { [seat] in
                    await seat.runErrands()
                    // They end when they are cancelled.
                    try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
                }
                group.addTask { try await TwinStream(channel: self, context: context).run() }
                defer { group.cancelAll() }
                try await group.next()
            }
        } catch {
            // The host shuts down: the task is cancelled, and what is still to be said needs one that is not.
            if Task.isCancelled, seat.state.end == nil, seat.state.me != nil { await Task { await self.leave() }.value }
            throw error
        }
        try Task.checkCancellation()
        throw ended
    }

    public func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
        do {
            return try await seat.perform(delivery)
        } catch {
            throw ChannelError(twin: error)
        }
    }

    public func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
        do {
            return try await seat.reconcile(delivery, recorded: recorded)
        } catch {
            return .unreachable(ChannelError(twin: error))
        }
    }

    /// Keeps new sessions away and waits until the own ones are over, while scripts go on answering them.
    public func drain() async {
        guard settings.drainTimeout > .zero, seat.state.end == nil, seat.state.me != nil else { return }
        seat.state.wish(.paused)
        do {
            try await seat.show()
        } catch {
            logger.warning("The operator could not be paused", metadata: ["error": "\(error)"])
        }
        let deadline = ContinuousClock.now + settings.drainTimeout
        while !seat.sessions.own.isEmpty, seat.state.end == nil, ContinuousClock.now < deadline {
            guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return }
        }
        let left = seat.sessions.own.count
        if left > 0 { logger.notice("Own sessions are left at the shutdown", metadata: ["sessions": "\(left)"]) }
    }

    var ended: TwinSeatEnded {
        TwinSeatEnded(
            channel: descriptor.id, end: seat.state.end ?? .streamStopped, detail: seat.state.detail)
    }

    /// Leaves the seat for good, at once: no request and no connect follow.
    func finish(_ end: TwinSeatEnd, _ detail: String? = nil) async {
        guard seat.state.finish(end, detail) else { return }
        logger.error("\(end.sentence)", metadata: ["end": "\(end.rawValue)"])
        await account.stop(end.sentence)
    }

    private func watchAccount() async throws {
        for await event in account.events {
            switch event {
            case .loggedIn: logger.info("Signed in")
            case .refreshed: logger.debug("The token was renewed")
            case .retrying(let error, let wait):
                logger.warning("No token yet; trying again", metadata: ["error": "\(error)", "wait": "\(wait)"])
            case .tooManyRenewals(let error):
                logger.error("The platform goes on refusing tokens", metadata: ["error": "\(error)"])
            case .stopped(let error):
                guard seat.state.finish(.authFailed, error.message) else { break }
                logger.error("The sign-in failed for good", metadata: ["error": "\(error)"])
                throw ended
            }
        }
        try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
    }

    /// New sessions are kept away, and the own ones go where the settings say. Nothing is finished in silence.
    private func leave() async {
        seat.state.wish(.paused)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [seat, settings, logger] in
                do {
                    try await seat.show()
                } catch {
                    logger.warning("The seat could not be paused", metadata: ["error": "\(error)"])
                }
                if case .handOver(let name) = settings.onShutdown { await seat.handOver(to: name) }
            }
            group.addTask { try? await Task.sleep(for: .seconds(10)) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Repeats what time can heal, for ever; throws what it cannot.
    func patiently<Value: Sendable>(_ call: @Sendable () async throws -> Value) async throws -> Value {
        let backOff = BackOff(first: .milliseconds(500), limit: .seconds(30))
        var attempt = 0
        while true {
            do {
                return try await call()
            } catch let error as TwinError where error.retryable && seat.state.end == nil {
                attempt += 1
                logger.warning("The platform does not answer; trying again", metadata: ["error": "\(error)"])
                let wait = backOff.wait(after: attempt, random: Double.random(in: 0..<1))
                try await Task.sleep(for: max(wait, min(error.retryAfter ?? .zero, .seconds(300))))
            }
        }
    }
}
