import Dispatch
import Moonwire

/// Hears nothing: for systems without inotify, and for when its limits are reached. The watcher then looks by itself.
final class TimedSource: ChangeSource {
    private let end = DispatchSemaphore(value: 0)

    func listen(to folders: Set<String>) -> Bool { false }

    func wait(until time: ContinuousClock.Instant) -> ChangeSignal {
        let nanoseconds = max(ContinuousClock.now.duration(to: time).milliseconds, 0) &* 1_000_000
        guard end.wait(timeout: .now() + .nanoseconds(Int(nanoseconds))) == .success else { return .nothing }
        // For later waits.
        end.signal()
        return .stopped
    }

    func stop() {
        end.signal()
    }
}
