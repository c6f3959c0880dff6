import CustomChannelAPI
import Logging
import Moonwire
import Synchronization

/// A custom channel's way to the platform: one post at a time for a contact, at the channel's pace.
///
/// While the platform does not take the token or the address everything waits, but for one post now and then that finds
/// out whether somebody has put it right.
final class CustomPoster: Sendable {
    private struct State {
        var webhook: CustomChannelWebhook
        var bucket: TokenBucket
        /// `nil` while posts go out.
        var pause: Pause?
    }

    private struct Pause {
        var tries = 0
        var nextTry: Instant
        var isTrying = false

        init(at now: Instant) {
            nextTry = now + CustomPoster.pause(after: 0)
        }

        mutating func tried(at now: Instant) {
            tries += 1
            nextTry = now + CustomPoster.pause(after: tries)
            isTrying = false
        }
    }

    /// What happens to the outbox as a whole; told once each time.
    enum Change: Sendable {
        case paused(CustomChannelError)
        case resumed
    }

    private let state: Mutex<State>
    private let turns = Turns()
    private let timing: DeliveryTiming
    private let tell: @Sendable (Change) async -> Void

    init(
        _ webhook: CustomChannelWebhook, rate: Double, timing: DeliveryTiming,
        tell: @escaping @Sendable (Change) async -> Void
    ) {
        state = Mutex(State(webhook: webhook, bucket: TokenBucket(rate: rate, burst: max(rate, 1))))
        self.timing = timing
        self.tell = tell
    }

    /// A minute, then two, at last ten.
    private static func pause(after tries: Int) -> Duration { min(.seconds(60 << min(tries, 8)), .seconds(600)) }

    /// Goes on with other credentials.
    func resume(with credentials: CustomChannelCredentials, transport: any CustomChannelTransport) async {
        let wasPaused = state.withLock { state in
            defer { state.pause = nil }
            state.webhook = CustomChannelWebhook(credentials, transport: transport)
            return state.pause != nil
        }
        if wasPaused { await tell(.resumed) }
    }

    /// Posts an event once, in the contact's turn. While the outbox is paused it waits, as long as it takes.
    ///
    /// - Throws: `CustomChannelError`, or `CancellationError`.
    func post(_ event: CustomChannelEvent) async throws {
        try event.check(state.withLock { $0.webhook.credentials.idType }, now: timing.clock.now.rawValue)
        try await inTurn(of: event.contactID) { try await send(event) }
    }

    /// Lets nobody else post for a contact until `body` has ended.
    func inTurn<Result>(of contact: String, _ body: () async throws -> Result) async throws -> Result {
        try await turns.with(contact, body)
    }

    /// Posts an event once. The contact's turn must be the caller's.
    func send(_ event: CustomChannelEvent) async throws {
        while true {
            var isTry = try await pass()
            let now = timing.clock.now
            let (wait, webhook) = state.withLock { ($0.bucket.take(at: now), $0.webhook) }
            do {
                if wait > .zero {
                    try await timing.sleep(wait)
                    if !isTry { isTry = try await pass() }
                }
                try await webhook.post(event, now: timing.clock.now.rawValue)
                if isTry { await resume() }
                return
            } catch let error as CustomChannelError where error.code == .credentials || error.code == .address {
                await pause(error, wasTry: isTry)
            } catch {
                if isTry { await tried(error) }
                throw error
            }
        }
    }

    /// Waits until posts go out, or until this one may be tried.
    ///
    /// - Returns: Whether it is a try.
    private func pass() async throws -> Bool {
        while true {
            try Task.checkCancellation()
            let now = timing.clock.now
            let isTry: Bool? = state.withLock { state in
                guard let pause = state.pause else { return false }
                guard !pause.isTrying, now >= pause.nextTry else { return nil }
                state.pause?.isTrying = true
                return true
            }
            if let isTry { return isTry }
            try await timing.sleep(.seconds(1))
        }
    }

    private func pause(_ error: CustomChannelError, wasTry: Bool) async {
        let now = timing.clock.now
        let isNews = state.withLock { state in
            if wasTry { state.pause?.tried(at: now) }
            guard state.pause == nil else { return false }
            state.pause = Pause(at: now)
            return true
        }
        if isNews { await tell(.paused(error)) }
    }

    /// A try that ended otherwise. A post that is refused for what it says was let in.
    private func tried(_ error: any Error) async {
        if let error = error as? CustomChannelError, error.code == .rejected { return await resume() }
        let now = timing.clock.now
        state.withLock { state in
            guard var pause = state.pause else { return }
            pause.tried(at: now)
            state.pause = pause
        }
    }

    private func resume() async {
        let wasPaused = state.withLock { state in
            defer { state.pause = nil }
            return state.pause != nil
        }
        if wasPaused { await tell(.resumed) }
    }
}
