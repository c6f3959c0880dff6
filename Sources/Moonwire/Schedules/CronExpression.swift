/// When something recurs, as the five fields of cron say it: minute, hour, day of the month, month, day of the week.
///
/// Names, ranges, steps and lists in every field; `L` is the last day of the month, `fri#2` the second Friday, `friL` the
/// last one; `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly` stand for what they say. Where both day fields are
/// restricted, a day that fits either counts, as in every cron. An expression knows no time zone.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// As it was written.
    public let description: String
    /// One bit for each value.
    let minutes: UInt64
    let hours: UInt64
    let days: UInt64
    let months: UInt64
    /// From 0, Sunday.
    let weekdays: UInt64
    let isLastDay: Bool
    /// Weekdays by their place in the month: `fri#2`.
    let placed: Set<PlacedWeekday>
    /// Whether the field says anything: it does not begin with `*`.
    let restrictsDay: Bool
    let restrictsWeekday: Bool

    struct PlacedWeekday: Hashable, Sendable {
        /// From 0, Sunday.
        let weekday: Int
        /// From 1; 0 is the last one.
        let place: Int
    }

    /// - Throws: `ScheduleError` for what is no cron expression, and for one that never comes.
    public init(_ text: String) throws(ScheduleError) {
        let written = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let fields = try Self.fields(of: written)
        let minute = try CronField.minute.parse(fields[0])
        let hour = try CronField.hour.parse(fields[1])
        let day = try CronField.day.parse(fields[2])
        let month = try CronField.month.parse(fields[3])
        let weekday = try CronField.weekday.parse(fields[4])
        description = written
        (minutes, hours, days, months) = (minute.values, hour.values, day.values, month.values)
        weekdays = weekday.values
        isLastDay = day.isLast
        placed = weekday.placed
        restrictsDay = !day.isEvery
        restrictsWeekday = !weekday.isEvery
        guard firstDay(from: CalendarDate(daysSince1970: 0)) != nil else {
            throw ScheduleError("'\(written)' never comes: no month it names has such a day")
        }
    }

    /// Whether it comes on a day.
    func comes(on date: CalendarDate) -> Bool {
        guard months.has(date.month) else { return false }
        switch (restrictsDay, restrictsWeekday) {
        case (true, true): return fitsDay(date) || fitsWeekday(date)
        default: return fitsDay(date) && fitsWeekday(date)
        }
    }

    private func fitsDay(_ date: CalendarDate) -> Bool {
        days.has(date.day) || (isLastDay && date.day == CalendarDate.length(of: date.month, in: date.year))
    }

    private func fitsWeekday(_ date: CalendarDate) -> Bool {
        let weekday = date.weekday % 7
        if weekdays.has(weekday) { return true }
        guard !placed.isEmpty else { return false }
        if placed.contains(PlacedWeekday(weekday: weekday, place: (date.day + 6) / 7)) { return true }
        return date.day + 7 > CalendarDate.length(of: date.month, in: date.year)
            && placed.contains(PlacedWeekday(weekday: weekday, place: 0))
    }

    /// The rarest day, a leap day that is a Monday, comes every 28 years, and after 40 where a leap year is left out.
    private static let longestWait = 41 * 366

    /// The first day on which it comes, `date` included.
    private func firstDay(from date: CalendarDate) -> CalendarDate? {
        var days = date.daysSince1970
        let end = days + Self.longestWait
        while days < end {
            let candidate = CalendarDate(daysSince1970: days)
            if comes(on: candidate) { return candidate }
            // To the next month at once where this one is not meant.
            days +=
                months.has(candidate.month)
                ? 1 : CalendarDate.length(of: candidate.month, in: candidate.year) - candidate.day + 1
        }
        return nil
    }

    /// The first local minute after `minute`, both counted since 1970; `nil` if there is none for forty years.
    func minute(after minute: Int64) -> Int64? {
        let start = minute + 1
        let day = Int(start.quotient(1440))
        let ofDay = Int(start - Int64(day) * 1440)
        if comes(on: CalendarDate(daysSince1970: day)), let found = minuteOfDay(from: ofDay) {
            return Int64(day) * 1440 + Int64(found)
        }
        guard let next = firstDay(from: CalendarDate(daysSince1970: day + 1)),
            let found = minuteOfDay(from: 0)
        else { return nil }
        return Int64(next.daysSince1970) * 1440 + Int64(found)
    }

    /// The fewest minutes between two local times.
    var shortestDistance: Int64 {
        var shortest = Int64.max
        var last = minute(after: -1)
        // Enough for a whole year of days with few times, and for a day with many.
        for _ in 0..<1500 {
            guard shortest > 1, let from = last, let to = minute(after: from) else { break }
            shortest = min(shortest, to - from)
            last = to
        }
        return shortest
    }

    private func minuteOfDay(from start: Int) -> Int? {
        guard start < 1440 else { return nil }
        let (hour, minute) = start.quotientAndRemainder(dividingBy: 60)
        if hours.has(hour), let found = minutes.first(from: minute) { return hour * 60 + found }
        guard let next = hours.first(from: hour + 1), let found = minutes.first(from: 0) else { return nil }
        return next * 60 + found
    }
}

extension UInt64 {
    func has(_ value: Int) -> Bool { self & (1 << UInt64(value)) != 0 }

    /// The lowest value of the set from one on.
    func first(from value: Int) -> Int? {
        guard value < 64 else { return nil }
        let rest = self >> UInt64(value)
        return rest == 0 ? nil : value + rest.trailingZeroBitCount
    }

    var values: [Int] { (0..<64).filter { has($0) } }
}

extension Int64 {
    /// Division that rounds down.
    func quotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
