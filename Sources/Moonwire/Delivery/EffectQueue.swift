import Synchronization

/// One channel's way out: effects of a session in order and one at a time, sessions side by side.
///
/// All repeating happens here: pacing, back-off, the breaker, and the search for an effect whose fate is in doubt.
final class EffectQueue: Sendable {
    struct Item: Sendable {
        let delivery: EffectDelivery
        /// Whether an earlier process may have performed it.
        let isInDoubt: Bool
        /// Called once, with the end.
        let completion: @Sendable (Result<EffectReceipt, EffectFailure>) -> Void
    }

    private struct State {
        var sessions: [SessionID: [Item]] = [:]
        var bucket: TokenBucket
        var breaker: Breaker
    }

    private let channel: any Channel
    private let policy: DeliveryPolicy
    private let timing: DeliveryTiming
    private let recorded: @Sendable (SessionID, Instant) async -> Set<String>?
    private let metrics: ChannelMetrics?
    private let state: Mutex<State>
    private let ready: AsyncStream<SessionID>
    private let announce: AsyncStream<SessionID>.Continuation

    /// - Parameter recorded: The platform ids that the journal knows of a session since an instant; `nil` when the
    ///   journal cannot tell now.
    init(
        channel: any Channel, policy: DeliveryPolicy, timing: DeliveryTiming,
        recorded: @escaping @Sendable (SessionID, Instant) async -> Set<String>?, metrics: ChannelMetrics? = nil
    ) {
        self.channel = channel
        self.policy = policy
        self.timing = timing
        self.recorded = recorded
        self.metrics = metrics
        state = Mutex(
            State(
                bucket: TokenBucket(rate: policy.rate, burst: policy.burst),
                breaker: Breaker(threshold: policy.breakerThreshold)))
        (ready, announce) = AsyncStream.makeStream(of: SessionID.self)
    }

    func enqueue(_ item: Item) {
        let key = item.delivery.session
        let isFirst = state.withLock { state in
            state.sessions[key, default: []].append(item)
            return state.sessions[key]?.count == 1
        }
        if isFirst { announce.yield(key) }
    }

    /// Performs effects until cancelled. What is under way is cancelled too and stays in the journal as an intent.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await key in ready {
                group.addTask { await self.work(on: key) }
            }
            group.cancelAll()
        }
    }

    private func work(on key: SessionID) async {
        while !Task.isCancelled, let item = state.withLock({ $0.sessions[key]?.first }) {
            guard let result = await settle(item) else { return }
            count(result, of: item)
            // The place is kept until the end is known, so that the next effect of the session waits for it.
            let isDrained = state.withLock { state in
                state.sessions[key]?.removeFirst()
                guard state.sessions[key]?.isEmpty == true else { return false }
                state.sessions[key] = nil
                return true
            }
            item.completion(result)
            // Whoever enqueues next announces the session again; a second look here would serve it twice.
            if isDrained { return }
        }
    }

    private func count(_ result: Result<EffectReceipt, EffectFailure>, of item: Item) {
        guard let metrics else { return }
        let failure: EffectFailure? = if case .failure(let failure) = result { failure } else { nil }
        metrics.effects.ended(
            failure, after: item.isInDoubt ? nil : timing.clock.now - item.delivery.intendedAt)
    }

    /// `nil` when cancelled before the end is known: the intent stays in the journal.
    private func settle(_ item: Item) async -> Result<EffectReceipt, EffectFailure>? {
        let delivery = item.delivery
        var attempt = 0
        var attemptedAt = delivery.intendedAt
        var isInDoubt = item.isInDoubt && !delivery.effect.isRepeatable
        while true {
            do {
                if isInDoubt {
                    switch try await reconcile(delivery, attemptedAt: attemptedAt) {
                    case .performed(let receipt): return .success(receipt)
                    case .undecided(let reason):
                        guard policy.inDoubt == .repeat else { return .failure(Self.unknown(delivery, reason)) }
                        isInDoubt = false
                    case .unreachable(let error) where !error.retryable:
                        return .failure(Self.unknown(delivery, error.message))
                    case .unreachable(let error):
                        attempt += 1
                        try await pause(after: error, attempt: attempt)
                        continue
                    }
                }
                try await admission()
                attemptedAt = timing.clock.now
                return .success(try await perform(delivery))
            } catch let error as ChannelError {
                attempt += 1
                if error.fate == .inDoubt, !delivery.effect.isRepeatable {
                    guard attempt < policy.attempts else {
                        return .failure(Self.unknown(delivery, error.message))
                    }
                    isInDoubt = true
                    continue
                }
                guard error.retryable, attempt < policy.attempts, isPatient(with: delivery) else {
                    return .failure(error.failure)
                }
                do { try await pause(after: error, attempt: attempt) } catch { return nil }
            } catch {
                return nil
            }
        }
    }

    private func isPatient(with delivery: EffectDelivery) -> Bool {
        policy.patience.map { timing.clock.now < delivery.intendedAt + $0 } ?? true
    }

    private func perform(_ delivery: EffectDelivery) async throws -> EffectReceipt {
        metrics?.attempted()
        do {
            let receipt = try await channel.perform(delivery)
            state.withLock { $0.breaker.succeeded() }
            return receipt
        } catch {
            try Task.checkCancellation()
            let random = timing.random()
            let now = timing.clock.now
            state.withLock { state in
                // A platform that refuses is a platform that lives.
                if error.retryable { state.breaker.failed(at: now, random: random) } else { state.breaker.succeeded() }
            }
            throw error
        }
    }

    /// Waits for the breaker, then for the pace.
    private func admission() async throws {
        while true {
            let now = timing.clock.now
            let wait = state.withLock { $0.breaker.admission(at: now) }
            if wait == .zero { break }
            try await timing.sleep(wait)
        }
        let now = timing.clock.now
        let wait = state.withLock { $0.bucket.take(at: now) }
        if wait > .zero { try await timing.sleep(wait) }
    }

    private func pause(after error: ChannelError, attempt: Int) async throws {
        let wait = policy.backOff.wait(after: attempt, random: timing.random())
        try await timing.sleep(max(wait, error.retryAfter ?? .zero))
    }

    /// Looks for the effect once the platform can no longer be working on it.
    private func reconcile(_ delivery: EffectDelivery, attemptedAt: Instant) async throws -> Reconciliation {
        let conclusive = attemptedAt + policy.requestLimit
        let now = timing.clock.now
        if now < conclusive { try await timing.sleep(conclusive - now) }
        // A message that another step has claimed must be known as such, however long that step stood in the queue.
        let claimsSince = Instant(rawValue: delivery.intendedAt.rawValue - 86_400_000)
        guard let recorded = await recorded(delivery.session, claimsSince) else {
            return .unreachable(
                ChannelError(
                    code: "journal", message: "the journal cannot be read", fate: .inDoubt, retryable: true))
        }
        let found = await channel.reconcile(delivery, recorded: recorded)
        try Task.checkCancellation()
        return found
    }

    private static func unknown(_ delivery: EffectDelivery, _ reason: String) -> EffectFailure {
        // What is about the channel bears a session's name only for its turn.
        let (what, place) =
            delivery.effect.isOfChannel
            ? ("\(delivery.effect.method) happened on channel \(delivery.session.channel)", "there")
            : ("\(delivery.effect.method) reached session \(delivery.session)", "at the session")
        let cause = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
        return .unknown(
            "whether \(what) cannot be known: \(cause). It is not sent again; look \(place) and decide")
    }
}
