import Moonwire
import Synchronization

/// How often something may be tried within a minute, by who tries it.
final class AttemptLimit: Sendable {
    private struct Window {
        var begun: Instant
        var count: Int
    }

    private let limit: Int
    private let windows = Mutex<[String: Window]>([:])
    private static let length: Duration = .seconds(60)
    private static let most = 50_000

    init(_ limit: Int) {
        self.limit = limit
    }

    /// How many seconds to wait; `nil` lets the attempt through and counts it.
    func refuse(_ who: String, now: Instant) -> Int? {
        windows.withLock { windows in
            if windows.count > Self.most { windows = windows.filter { now - $0.value.begun < Self.length } }
            var window = windows[who] ?? Window(begun: now, count: 0)
            if now - window.begun >= Self.length || now < window.begun { window = Window(begun: now, count: 0) }
            guard window.count < limit else {
                return max(1, Int((Self.length - (now - window.begun)).milliseconds / 1000))
            }
            window.count += 1
            windows[who] = window
            return nil
        }
    }
}
