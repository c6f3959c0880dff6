import ArgumentParser
import Foundation
import Moonwire

/// Since when: a time before now, as `24h`, `90m`, `7d`, or an instant such as `2026-11-21T16:00:00Z`.
struct PastTime: ExpressibleByArgument {
    let instant: Instant

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000]
        if let last = argument.last, let unit = units[last], let count = Int64(argument.dropLast()), count >= 0 {
            let (milliseconds, overflows) = count.multipliedReportingOverflow(by: unit)
            guard !overflows else { return nil }
            instant = Instant(rawValue: HostClock.system.now.rawValue &- milliseconds)
            return
        }
        let strategies: [Date.ISO8601FormatStyle] = [
            .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true),
        ]
        guard let date = strategies.lazy.compactMap({ try? $0.parse(argument) }).first else { return nil }
        instant = Instant(seconds: date.timeIntervalSince1970)
    }
}
