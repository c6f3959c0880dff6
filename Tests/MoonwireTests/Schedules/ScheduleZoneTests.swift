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

    private func compare(
        _ cron: RandomCron, _ zone: TimeZone, from day: Date, days: Int, _ oracle: ScheduleOracle? = nil
    ) throws {
        let expected = (oracle ?? ScheduleOracle(zone, from: day, days: days)).ticks(of: cron)
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
                if number > 0 { try compare(Self.dense, zone, from: day, days: 6) }
            }
        }
    }

    /// Changes by a whole day, by half an hour, by two hours, and for good.
    @Test(arguments: [
        ("Pacific/Apia", 1_325_030_400), ("Pacific/Kwajalein", 745_718_400), ("Australia/Lord_Howe", 1_601_510_400),
        ("Australia/Lord_Howe", 1_617_235_200), ("Antarctica/Troll", 1_616_630_400),
        ("Antarctica/Troll", 1_635_465_600), ("America/Caracas", 1_461_974_400), ("Asia/Pyongyang", 1_525_305_600),
        ("Africa/Juba", 1_611_964_800),
        ("Africa/Casablanca", 1_587_168_000), ("Europe/Volgograd", 1_608_940_800), ("Asia/Gaza", 1_682_640_000),
    ])
    func unusualChangesOfClocksAreAsFoundationSays(name: String, around: Int) throws {
        let zone = try #require(TimeZone(identifier: name))
        let day = Date(timeIntervalSince1970: Double(around / 86_400 * 86_400 - 3 * 86_400))
        let clocks = ZonedTime(zone: zone)
        let (first, last) = (Int64(day.timeIntervalSince1970), Int64(day.timeIntervalSince1970) + 9 * 86_400)
        #expect(clocks.offset(at: first) != clocks.offset(at: last), "the clocks of \(name) do not change here")
        for cron in [Self.dense, Self.hourly, Self.daily] { try compare(cron, zone, from: day, days: 10) }
    }

    @Test(.enabled(if: isLong)) func tenYearsOfEveryFeatureComeAsFoundationSaysInEveryZone() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in Self.zones.enumerated() {
                group.addTask {
                    var random = SeededNumbers(state: UInt64(index))
                    let zone = try #require(TimeZone(identifier: name))
                    let oracle = ScheduleOracle(zone, from: Self.start, days: Self.days)
                    for feature in 0..<RandomCron.features {
                        let cron = RandomCron(&random, feature: feature)
                        try compare(cron, zone, from: Self.start, days: Self.days, oracle)
                    }
                    for change in Self.changes(of: zone) { try compare(Self.dense, zone, from: change, days: 6) }
                }
            }
            var done = 0
            for try await _ in group {
                done += 1
                guard done % 20 == 0 || done == Self.zones.count else { continue }
                try? FileHandle.standardError.write(contentsOf: Data("\(done) of \(Self.zones.count) zones\n".utf8))
            }
        }
    }

    /// The days, three before, on which the clocks of a zone change within the ten years.
    private static func changes(of zone: TimeZone) -> [Date] {
        var changes: [Date] = []
        var last = start
        let end = start.addingTimeInterval(Double(days - 10) * 86_400)
        while let change = zone.nextDaylightSavingTimeTransition(after: last), change > last, change < end {
            let day = (change.timeIntervalSince1970 / 86_400).rounded(.down) * 86_400
            changes.append(Date(timeIntervalSince1970: day - 3 * 86_400))
            last = change
        }
        return changes
    }

    /// In the hours in which clocks change.
    private static let dense = RandomCron(text: "*/15 0-4 * * *", minutes: [0, 15, 30, 45], hours: [0, 1, 2, 3, 4]) {
        _, _ in true
    }
    private static let hourly = RandomCron(text: "45 * * * *", minutes: [45], hours: Array(0...23)) { _, _ in true }
    private static let daily = RandomCron(text: "59 23 * * *", minutes: [59], hours: [23]) { _, _ in true }
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
