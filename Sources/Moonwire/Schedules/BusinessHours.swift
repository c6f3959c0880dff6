public import Foundation

/// When somebody is there: hours by day of the week, in one zone, with holidays.
///
/// Hours may be split, and may go past midnight; what goes past midnight belongs to the day it begins on, also when the
/// next one is a holiday. Where clocks change, the hours are as the clocks show them.
public struct BusinessHours: Sendable {
    /// Minutes of a day, from its midnight; beyond 1440 on the next day.
    struct Span: Hashable, Sendable {
        let open: Int
        let close: Int
    }

    private let clocks: ZonedTime
    /// From 0, Sunday.
    private var week: [[Span]?] = Array(repeating: nil, count: 7)
    private var dates: [String: [Span]] = [:]

    public init(zone: TimeZone) {
        clocks = ZonedTime(zone: zone)
    }

    /// - Parameters:
    ///   - days: `mon`, `sun-thu`, `mon,wed`.
    ///   - spans: each as `09:00-17:00`.
    public mutating func set(days: String, _ spans: [String]) throws(ScheduleError) {
        let content = try CronField.weekday.parse(days.split(separator: " ").joined()[...])
        guard !content.isEvery, content.placed.isEmpty else {
            throw ScheduleError("'\(days)' names no days of the week; write sun-thu, or fri,sat")
        }
        let hours = try spans.map { text throws(ScheduleError) in try Self.span(text) }
        for day in content.values.values {
            guard week[day] == nil else {
                throw ScheduleError("\(CronWords.weekdays[day]) has hours already; '\(days)' names it again")
            }
            week[day] = hours
        }
    }

    /// - Parameters:
    ///   - holiday: `2026-12-25`, or `12-25` for every year.
    ///   - spans: the hours of that day; none when it is closed.
    public mutating func set(holiday: String, _ spans: [String]) throws(ScheduleError) {
        // A leap year, so that 02-29 is a day.
        guard CalendarDate(iso: holiday) != nil || CalendarDate(iso: "2024-" + holiday) != nil else {
            throw ScheduleError("'\(holiday)' is no date; write 2026-12-25, or 12-25 for every year")
        }
        dates[holiday] = try spans.map { text throws(ScheduleError) in try Self.span(text) }
    }

    public var isEverOpen: Bool { week.contains { $0?.isEmpty == false } || dates.values.contains { !$0.isEmpty } }

    public func isOpen(at instant: Instant) -> Bool {
        let second = instant.wholeSeconds
        return spans(around: second, days: 1).contains { $0.contains(second) }
    }

    /// The first instant from one on at which it is open; `nil` where there is none for some years.
    public func nextOpen(from instant: Instant) -> Instant? {
        let second = instant.wholeSeconds
        let reaches = [8, 370, 4 * 366]
        for days in reaches {
            let next = spans(around: second, days: days).filter { $0.upperBound > second }.map(\.lowerBound).min()
            if let next { return next <= second ? instant : Instant(milliseconds: next * 1000) }
        }
        return nil
    }

    /// The open times that begin from the day before an instant on.
    private func spans(around second: Int64, days: Int) -> [Range<Int64>] {
        let today = Int(clocks.local(at: second).quotient(86_400))
        return (today - 1...today + days).flatMap { day -> [Range<Int64>] in
            let midnight = Int64(day) * 86_400
            return hours(on: CalendarDate(daysSince1970: day)).compactMap { span in
                let open = clocks.instant(ofLocal: midnight + Int64(span.open) * 60)
                let close = clocks.instant(ofLocal: midnight + Int64(span.close) * 60)
                return open < close ? open..<close : nil
            }
        }
    }

    private func hours(on date: CalendarDate) -> [Span] {
        let iso = date.iso
        return dates[iso] ?? dates[String(iso.dropFirst(5))] ?? week[date.weekday % 7] ?? []
    }

    private static func span(_ text: String) throws(ScheduleError) -> Span {
        let ends = text.split(separator: "-").map { $0.filter { !$0.isWhitespace } }
        guard ends.count == 2, let open = minute(ends[0]), let close = minute(ends[1]), open < 1440 else {
            throw ScheduleError("'\(text)' is no span of hours; write 09:00-17:00, or 22:00-02:00 past midnight")
        }
        guard open != close else {
            throw ScheduleError("'\(text)' is empty; write 00:00-24:00 for a whole day")
        }
        return Span(open: open, close: close < open ? close + 1440 : close)
    }

    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, (1...2).contains(parts[0].count),
            text.allSatisfy({ $0 == ":" || ($0.isASCII && $0.isNumber) }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return hour * 60 + minute
    }
}
