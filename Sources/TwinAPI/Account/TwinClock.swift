#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The system's clock.
public enum TwinClock {
    /// Seconds since 1970.
    @Sendable
    public static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Any clock, as time since the account was made.
struct TwinAccountTime: Sendable {
    let now: @Sendable () -> Duration
    /// Sleeps until that time, or until the task is cancelled.
    let sleep: @Sendable (_ until: Duration) async -> Void

    init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { until in try? await clock.sleep(until: start.advanced(by: until), tolerance: nil) }
    }
}
