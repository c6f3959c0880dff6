import Foundation
import Testing

@testable import Moonwire

/// Every IANA zone against Foundation's calendar: no due time doubled, none missed.
struct ScheduleZoneTests {
    /// 2020-01-01T00:00Z, and ten years.
    private static let start = Date(timeIntervalSince1970: 1_577_836_800)
    private static let days = 3653
    private static let zones = TimeZone.knownTimeZoneIdentifiers.sorted()

    /// Ten years of each feature in each zone take minutes.
    private static let isLong = ProcessInfo.processInfo.environment["MOONWIRE_LONG_SCHEDULES"] != nil

    private func compare(_ cron: RandomCron, _ zone: TimeZone, from day: Date, days: Int) throws {
        let expected = ScheduleOracle(zone).ticks(of: cron, from: day, days: days)
        let schedule = Schedule.cron(try CronExpression(cron.text), zone)
        let clocks = ZonedTime(zone: zone)
        let end = Int64(day.timeIntervalSince1970) + Int64(days) * 86_400
        var instant = Instant(seconds: Double(clocks.instant(ofLocal: Int64(day.timeIntervalSince1970)) - 1))
        var found: [Int64] = []
        while let next = schedule.next(after: instant), clocks.local(at: next.wholeSeconds) < end {
            found.append(next.wholeSeconds)
            instant = next
        }
        guard found != expected else { return }
        let difference = zip(found, expected).first { $0 != $1 }
        Issue.record(
            "\(zone.identifier) '\(cron.text)': \(found.count) due times, Foundation has \(expected.count); they differ at \(difference.map { "\($0.0) and \($0.1)" } ?? "the end")"
        )
    }

    /// The days around changes of the clocks, and some others.
    private func windows(_ zone: TimeZone, _ random: inout some RandomNumberGenerator) -> [Date] {
        var starts = [Self.start.addingTimeInterval(Double(Int.random(in: 0...3500, using: &random)) * 86_400)]
        var last = Self.start.addingTimeInterval(Double(Int.random(in: 0...3000, using: &random)) * 86_400)
        for _ in 0..<3 {
            guard let change = zone.nextDaylightSavingTimeTransition(after: last),
                change < Self.start.addingTimeInterval(3600 * 86_400)
            else { break }
            let day = (change.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
            starts.append(Date(timeIntervalSince1970: day - 3 * 86_400))
            last = change.addingTimeInterval(1)
        }
        return starts
    }

    @Test func aSampleOfExpressionsComesAsFoundationSaysInEveryZone() throws {
        var random = SeededNumbers(state: 0x5EED)
        for (index, name) in Self.zones.enumerated() {
            let zone = try #require(TimeZone(identifier: name))
            for (number, day) in windows(zone, &random).enumerated() {
                let cron = RandomCron(&random, feature: index + number * 4)
                try compare(cron, zone, from: day, days: number == 0 ? 40 : 8)
                // In the hours in which clocks change.
                let dense = RandomCron(text: "*/15 0-4 * * *", minutes: [0, 15, 30, 45], hours: [0, 1, 2, 3, 4]) {
                    _, _ in true
                }
                if number > 0 { try compare(dense, zone, from: day, days: 6) }
            }
        }
    }

    @Test(.enabled(if: isLong)) func tenYearsOfEveryFeatureComeAsFoundationSaysInEveryZone() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in Self.zones.enumerated() {
                group.addTask {
                    var random = SeededNumbers(state: UInt64(index))
                    let zone = try #require(TimeZone(identifier: name))
                    for feature in 0..<9 {
                        let cron = RandomCron(&random, feature: feature)
                        try compare(cron, zone, from: Self.start, days: Self.days)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

extension RandomCron {
    init(
        text: String, minutes: [Int], hours: [Int], comes: @escaping @Sendable (DateComponents, _ length: Int) -> Bool
    ) {
        (self.text, self.minutes, self.hours, self.comes) = (text, minutes, hours, comes)
    }
}

/// The same numbers for the same seed.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
