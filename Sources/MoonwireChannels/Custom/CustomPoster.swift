import CustomChannelAPI
import Logging
import Moonwire
import Synchronization

/// A custom channel's way to the platform: one post at a time for a contact, at the channel's pace, and none at all while
/// the platform does not take the token or the address.
final class CustomPoster: Sendable {
    private struct State {
        var webhook: CustomChannelWebhook
        var bucket: TokenBucket
        var isPaused = false
    }

    private let state: Mutex<State>
    private let turns = Turns()
    private let timing: DeliveryTiming
    /// Told once for each pause.
    private let alarm: @Sendable (CustomChannelError) async -> Void

    init(
        _ webhook: CustomChannelWebhook, rate: Double, timing: DeliveryTiming,
        alarm: @escaping @Sendable (CustomChannelError) async -> Void
    ) {
        state = Mutex(State(webhook: webhook, bucket: TokenBucket(rate: rate, burst: max(rate, 1))))
        self.timing = timing
        self.alarm = alarm
    }

    /// Goes on with other credentials.
    func resume(with credentials: CustomChannelCredentials, transport: any CustomChannelTransport) {
        state.withLock { state in
            state.webhook = CustomChannelWebhook(credentials, transport: transport)
            state.isPaused = false
        }
    }

    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Posts an event once. While the outbox is paused it waits, as long as it takes.
    ///
    /// - Throws: `CustomChannelError`, or `CancellationError`.
    func post(_ event: CustomChannelEvent) async throws {
        try event.check(idType, now: timing.clock.now.rawValue)
        try await turns.with(event.contactID) {
            while true {
                try await pass()
                let now = timing.clock.now
                let (wait, webhook) = state.withLock { ($0.bucket.take(at: now), $0.webhook) }
                if wait > .zero {
                    try await timing.sleep(wait)
                    try await pass()
                }
                do throws(CustomChannelError) {
                    try await webhook.post(event, now: timing.clock.now.rawValue)
                    return
                } catch {
                    guard error.code == .credentials || error.code == .address else { throw error }
                    await pause(error)
                }
            }
        }
    }

    private var idType: CustomChannelIDType { state.withLock { $0.webhook.credentials.idType } }

    private func pass() async throws {
        try Task.checkCancellation()
        while isPaused { try await timing.sleep(.seconds(1)) }
    }

    private func pause(_ error: CustomChannelError) async {
        let isNews = state.withLock { state in
            defer { state.isPaused = true }
            return !state.isPaused
        }
        if isNews { await alarm(error) }
    }
}
