import Moonwire
import Synchronization

/// Whether the seat may act at all. Read before every effect, and changed as soon as the stream says so.
final class TwinSeatState: Sendable {
    private struct State {
        var end: TwinSeatEnd?
        var detail: String?
        var isSuspended = false
        var isBlind = false
        var me: String?
        var clockOffset: Duration = .zero
        var status: TwinChannelSettings.Status
    }

    private let state: Mutex<State>
    /// How long the seat may be offline for the moment.
    private let hold: Duration

    init(status: TwinChannelSettings.Status, hold: Duration) {
        state = Mutex(State(status: status))
        self.hold = hold
    }

    /// What the seat wants to be: as configured, until a script says otherwise.
    var status: TwinChannelSettings.Status { state.withLock { $0.status } }

    /// What the platform is to know: a seat that hears nothing is paused, whatever it wants to be.
    var shownStatus: TwinChannelSettings.Status { state.withLock { $0.isBlind ? .paused : $0.status } }

    /// Whether nothing has been heard for so long that no new sessions shall come.
    var isBlind: Bool { state.withLock { $0.isBlind } }

    func blind(_ isBlind: Bool) { state.withLock { $0.isBlind = isBlind } }

    func wish(_ status: TwinChannelSettings.Status) { state.withLock { $0.status = status } }

    /// The operator's own id; nil before the first sign-in.
    var me: String? { state.withLock { $0.me } }
    /// How far the platform's clock is ahead.
    var clockOffset: Duration { state.withLock { $0.clockOffset } }
    var end: TwinSeatEnd? { state.withLock { $0.end } }
    var detail: String? { state.withLock { $0.detail } }

    func take(_ me: String, clockOffset: Duration) {
        state.withLock {
            $0.me = me
            $0.clockOffset = clockOffset
        }
    }

    /// Leaves the seat for good. The first reason counts; `false` when there was one before.
    @discardableResult
    func finish(_ end: TwinSeatEnd, _ detail: String? = nil) -> Bool {
        state.withLock { state in
            guard state.end == nil else { return false }
            state.end = end
            state.detail = detail
            return true
        }
    }

    var isSuspended: Bool { state.withLock { $0.isSuspended } }

    /// Holds effects back while the platform holds the operator for offline.
    func suspend(_ isSuspended: Bool) { state.withLock { $0.isSuspended = isSuspended } }

    /// Why nothing may be sent now.
    var refusal: ChannelError? {
        let state = state.withLock { $0 }
        if let end = state.end {
            return ChannelError(
                code: end.code, message: "nothing is sent: \(end.sentence)", fate: .notPerformed, retryable: false)
        }
        guard state.isSuspended else { return nil }
        return ChannelError(
            code: "offline", message: "the operator is offline for the moment", fate: .notPerformed, retryable: true,
            retryAfter: max(.seconds(6), hold / 8))
    }

    /// A point of the host's time, by the platform's clock.
    func serverTime(_ instant: Instant) -> Instant { instant + clockOffset }
}
