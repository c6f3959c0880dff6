import Foundation
import Testing

@testable import Moonwire

struct CronExpressionTests {
    private static func due(_ cron: String, after: String, zone: String = "UTC", _ count: Int = 3) throws -> [String] {
        let schedule = Schedule.cron(try CronExpression(cron), try TimeZone(named: zone))
        var style = Date.ISO8601FormatStyle.iso8601
        style.timeZone = try TimeZone(named: zone)
        var instant = Instant(seconds: try style.parse(after).timeIntervalSince1970)
        var format = Date.VerbatimFormatStyle.isoLocal
        format.timeZone = try TimeZone(named: zone)
        return try (0..<count).map { _ in
            instant = try #require(schedule.next(after: instant))
            return Date(timeIntervalSince1970: instant.seconds).formatted(format)
        }
    }

    @Test(arguments: [
        ("0 9 * * mon-fri", ["2026-11-23 09:00", "2026-11-24 09:00", "2026-11-25 09:00"]),
        ("*/20 10-11 * * *", ["2026-11-21 10:00", "2026-11-21 10:20", "2026-11-21 10:40"]),
        ("5/25 * * * *", ["2026-11-21 09:05", "2026-11-21 09:30", "2026-11-21 09:55"]),
        ("0 0 L * *", ["2026-11-30 00:00", "2026-12-31 00:00", "2027-01-31 00:00"]),
        ("0 12 * * fri#2", ["2026-12-11 12:00", "2027-01-08 12:00", "2027-02-12 12:00"]),
        ("0 12 * * 5L", ["2026-11-27 12:00", "2026-12-25 12:00", "2027-01-29 12:00"]),
        ("0 8 1,15 * mon", ["2026-11-23 08:00", "2026-11-30 08:00", "2026-12-01 08:00"]),
        ("0 0 29 2 *", ["2028-02-29 00:00", "2032-02-29 00:00", "2036-02-29 00:00"]),
        ("0 0 * feb mon#5", ["2044-02-29 00:00", "2072-02-29 00:00", "2112-02-29 00:00"]),
        ("@yearly", ["2027-01-01 00:00", "2028-01-01 00:00", "2029-01-01 00:00"]),
        ("@weekly", ["2026-11-22 00:00", "2026-11-29 00:00", "2026-12-06 00:00"]),
        ("0 6 * JAN-March Sunday", ["2027-01-03 06:00", "2027-01-10 06:00", "2027-01-17 06:00"]),
        ("0 6 * * fri-mon", ["2026-11-22 06:00", "2026-11-23 06:00", "2026-11-27 06:00"]),
        ("0 6 * * 0-7", ["2026-11-22 06:00", "2026-11-23 06:00", "2026-11-24 06:00"]),
        ("0 6 * * 0-7/2", ["2026-11-22 06:00", "2026-11-24 06:00", "2026-11-26 06:00"]),
        ("0 6 * * 5-7", ["2026-11-22 06:00", "2026-11-27 06:00", "2026-11-28 06:00"]),
        ("0 6 * * 7", ["2026-11-22 06:00", "2026-11-29 06:00", "2026-12-06 06:00"]),
    ])
    func itComesWhenItSays(cron: String, times: [String]) throws {
        #expect(try Self.due(cron, after: "2026-11-21T08:59:30Z") == times)
    }

    @Test(arguments: [
        ("61 * * * *", "minute: 61 is not a number from 0 to 59; the nearest is 59"),
        ("* 24 * * *", "hour: 24 is not a number from 0 to 23; the nearest is 23"),
        ("0 9 0 * *", "day of the month: 0 is not a number from 1 to 31; the nearest is 1"),
        (
            "0 9 * * mno",
            "day of the week: 'mno' is not a number from 0 to 7 or a name from sun to sat; did you mean 'mon'?"
        ),
        ("0 9 * jna *", "month: 'jna' is not a number from 1 to 12 or a name from jan to dec; did you mean 'jan'?"),
        ("0 22-6 * * *", "hour: '22-6' runs backwards; write 6-22, or 22-23,0-6"),
        ("*/0 * * * *", "minute: the step of '*/0' must be a whole number from 1 on, got '0'"),
        (
            "*/90 * * * *",
            "minute: the step of '*/90' is longer than the field, which has 60 values; use `every` instead"
        ),
        ("0 9 ? * mon", "day of the month: '?' is not known; write *"),
        ("0 9 * * fri#6", "day of the week: 'fri#6' must name a place from 1 to 5, got '6'; the last one is friL"),
        ("0 9 * * L", "day of the week: 'L' stands for the last day of the month; here write friL for the last Friday"),
        (
            "0 9 1,,2 * *",
            "day of the month: '1,,2' has an empty entry; write its values with single commas between them"
        ),
        ("0 9 * *", "'0 9 * *' has 4 fields; cron has five: minute, hour, day of the month, month, day of the week"),
        ("0 0 31 feb,apr *", "'0 0 31 feb,apr *' never comes: no month it names has such a day"),
        ("@dialy", "'@dialy' is no schedule; did you mean '@daily'?; known are"),
        ("0 -5 * * *", "hour: '' is not a number from 0 to 23"),
    ])
    func aBadOneNamesTheFieldAndTheNearestRightThing(cron: String, sentence: String) {
        let error = #expect(throws: ScheduleError.self) { try CronExpression(cron) }
        #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("0 9 * * mon-fri", "every weekday at 09:00 Riyadh time"),
        ("0 9 * * *", "every day at 09:00 Riyadh time"),
        ("0 9,13 * * sun-thu", "every Sunday to Thursday at 09:00 and 13:00 Riyadh time"),
        ("30 17 * * fri", "every Friday at 17:30 Riyadh time"),
        ("0 9 * * 1,3,5", "every Monday, Wednesday and Friday at 09:00 Riyadh time"),
        ("*/15 * * * *", "every 15 minutes"),
        ("* * * * *", "every minute"),
        ("@hourly", "every hour"),
        ("20 * * * *", "every hour at :20"),
        ("0 */2 * * *", "every 2 hours Riyadh time"),
        ("*/10 9-17 * * mon-fri", "every 10 minutes from 09:00 to 17:50 every weekday Riyadh time"),
        ("0 18 L * *", "on the last day of the month at 18:00 Riyadh time"),
        ("0 10 1 10 *", "on the 1st of October at 10:00 Riyadh time"),
        ("0 8 1,15 * mon", "on the 1st and 15th of the month and every Monday at 08:00 Riyadh time"),
        ("0 12 * * fri#2", "on the 2nd Friday of the month at 12:00 Riyadh time"),
        ("0 12 * * friL", "on the last Friday of the month at 12:00 Riyadh time"),
        ("0 6 * 6-8 *", "every day from June to August at 06:00 Riyadh time"),
        ("0 6 */2 * mon", "every Monday that falls on the"),
    ])
    func itIsToldInWords(cron: String, words: String) throws {
        let schedule = Schedule.cron(try CronExpression(cron), try TimeZone(named: "Asia/Riyadh"))
        #expect(schedule.words.hasPrefix(words), "\(schedule.words)")
        if cron != "0 6 */2 * mon" { #expect(schedule.words == words) }
    }

    @Test func aPeriodComesAtItsMultiples() {
        let schedule = Schedule.every(.seconds(900))
        #expect(schedule.next(after: Instant(milliseconds: 899_999)) == Instant(milliseconds: 900_000))
        #expect(schedule.next(after: Instant(milliseconds: 900_000)) == Instant(milliseconds: 1_800_000))
        #expect(schedule.words == "every 15 minutes")
        #expect(Schedule.every(.seconds(5400)).words == "every 1 hour and 30 minutes")
        #expect(Schedule.every(.seconds(86_400)).words == "every day")
    }

    @Test func aZoneThatDoesNotExistIsNamedWithTheNearest() {
        let error = #expect(throws: ScheduleError.self) { try TimeZone(named: "Asia/Riyad") }
        #expect(error?.description == "there is no time zone 'Asia/Riyad'; did you mean 'Asia/Riyadh'?")
        let place = #expect(throws: ScheduleError.self) { try TimeZone(named: "Riyadh") }
        #expect(place?.description == "there is no time zone 'Riyadh'; did you mean 'Asia/Riyadh'?")
    }

    /// Berlin: 02:00 to 03:00 is left out on 2026-03-29, and comes twice on 2026-10-25.
    @Test func aLocalTimeInAGapIsDueAtTheFirstInstantAfterItAndARepeatedOneOnce() throws {
        let gap = try Self.due("30 2 * * *", after: "2026-03-28T12:00:00Z", zone: "Europe/Berlin", 2)
        #expect(gap == ["2026-03-29 03:00", "2026-03-30 02:30"])
        let quarter = try Self.due("*/15 2-3 * * *", after: "2026-03-29T00:00:00Z", zone: "Europe/Berlin", 3)
        #expect(quarter == ["2026-03-29 03:00", "2026-03-29 03:15", "2026-03-29 03:30"])
        let schedule = Schedule.cron(try CronExpression("*/30 * * * *"), try TimeZone(named: "Europe/Berlin"))
        // 2026-10-25T00:30Z is the first 02:30, an hour before the second one.
        let first = try #require(schedule.next(after: Instant(seconds: 1_792_886_400)))
        #expect(first == Instant(seconds: 1_792_888_200))
        #expect(schedule.next(after: first) == Instant(seconds: 1_792_893_600))
    }
}

extension Date.VerbatimFormatStyle {
    /// `2026-11-21 09:00`
    fileprivate static var isoLocal: Date.VerbatimFormatStyle {
        Date.VerbatimFormatStyle(
            format:
                "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)",
            locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    }
}
