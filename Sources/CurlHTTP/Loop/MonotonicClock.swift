#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Milliseconds that never go back: what libcurl counts in, without the arithmetic of `Instant`.
enum MonotonicClock {
    static var milliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

extension Duration {
    /// At least one, since libcurl takes zero for "no limit".
    var timeLimitMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let milliseconds = min(seconds, 2_000_000) * 1000 + attoseconds / 1_000_000_000_000_000
        return max(1, milliseconds)
    }
}
