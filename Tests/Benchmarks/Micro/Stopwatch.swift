#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Wall time and the process's CPU time since it was made.
struct Stopwatch {
    private let wall = nanoseconds(of: CLOCK_MONOTONIC)
    private let cpu = nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID)

    var wallNanoseconds: Double { Self.nanoseconds(of: CLOCK_MONOTONIC) - wall }
    var cpuNanoseconds: Double { Self.nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID) - cpu }

    private static func nanoseconds(of clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
}

/// Nanoseconds per operation: the median of seven rounds after one that does not count.
func median(of repetitions: Int, _ operation: () throws -> Void) rethrows -> Double {
    let roundCount = 7
    var rounds: [Double] = []
    for round in 0...roundCount {
        let watch = Stopwatch()
        for _ in 0..<repetitions { try operation() }
        if round > 0 { rounds.append(watch.wallNanoseconds / Double(repetitions)) }
    }
    rounds.sort()
    return rounds[roundCount / 2]
}
