import Moonwire
import Testing

@testable import MoonwireScripts

struct DateTextTests {
    /// Thursday, 2026-11-26.
    private static let today = CalendarDate(daysSince1970: 20_783)

    private func read(_ text: String, _ order: DateText.Order = .dayFirst) -> String? {
        DateText(order: order, today: Self.today).read(text)?.iso
    }

    @Test(
        arguments: [
            ("2026-12-31", "2026-12-31"), ("2026/12/31", "2026-12-31"), ("20261231", "2026-12-31"),
            ("31.12.2026", "2026-12-31"), ("31. 12. 2026", "2026-12-31"), ("5/3/2027", "2027-03-05"),
            ("5-3-27", "2027-03-05"), ("31 12 2026", "2026-12-31"), ("٣١/١٢/٢٠٢٦", "2026-12-31"),
            ("۳۱-۱۲-۲۰۲۶", "2026-12-31"), ("12/31/2026", "2026-12-31"), ("29.2.2028", "2028-02-29"),
            ("1.1.99", "1999-01-01"), ("1.1.45", "2045-01-01"), ("1.1.46", "1946-01-01"),
            ("26.11.", "2026-11-26"), ("25/11", "2027-11-25"), ("29.2.", "2028-02-29"),
        ])
    func numbersMakeDates(_ text: String, _ date: String) {
        #expect(read(text) == date)
    }

    @Test func theOtherOrderIsAnOption() {
        #expect(read("5/3/2027", .monthFirst) == "2027-05-03")
        #expect(read("31/12/2026", .monthFirst) == "2026-12-31")
    }

    @Test(
        arguments: [
            ("31 December 2026", "2026-12-31"), ("December 31st, 2026", "2026-12-31"), ("Dec 31", "2026-12-31"),
            ("the 1st of March 2027", "2027-03-01"), ("2027 March 1", "2027-03-01"), ("Friday, 1 Jan 27", "2027-01-01"),
            ("٣١ ديسمبر ٢٠٢٦", "2026-12-31"), ("1 أغسطس 2027", "2027-08-01"), ("٥ كانون الثاني ٢٠٢٧", "2027-01-05"),
            ("٥ كانون الأول ٢٠٢٧", "2027-12-05"), ("5 تشرين الأول 2027", "2027-10-05"), ("5 اذار 2027", "2027-03-05"),
            ("5 de marzo de 2027", "2027-03-05"), ("1 ene 2027", "2027-01-01"), ("5 марта 2027 г.", "2027-03-05"),
            ("5-го мая 2027", "2027-05-05"), ("5. März 2027", "2027-03-05"), ("5 JÄNNER 2027", "2027-01-05"),
            ("3. Mai", "2027-05-03"),
        ])
    func namesOfMonthsMakeDates(_ text: String, _ date: String) {
        #expect(read(text) == date)
    }

    @Test(
        arguments: [
            ("today", 0), ("Tomorrow!", 1), ("yesterday", -1), ("the day after tomorrow", 2), ("اليوم", 0), ("غداً", 1),
            ("بكرة", 1), ("أمس", -1), ("بعد غد", 2), ("hoy", 0), ("mañana", 1), ("ayer", -1), ("pasado mañana", 2),
            ("сегодня", 0), ("завтра", 1), ("послезавтра", 2), ("heute", 0), ("Übermorgen", 2), ("vorgestern", -2),
        ])
    func wordsCountFromToday(_ text: String, _ days: Int) {
        #expect(read(text) == Self.today.adding(days: days).iso)
    }

    @Test(
        arguments: [
            ("Friday", 1), ("next Monday", 4), ("Thursday", 7), ("wed", 6), ("الجمعة", 1), ("يوم الأحد", 3),
            ("السبت القادم", 2), ("viernes", 1), ("el próximo lunes", 4), ("в пятницу", 1), ("среда", 6),
            ("am Mittwoch", 6), ("Donnerstag", 7),
        ])
    func aWeekdayIsTheNextOne(_ text: String, _ days: Int) {
        #expect(read(text) == Self.today.adding(days: days).iso)
    }

    @Test(arguments: [
        "", "soon", "31.02.2026", "29.2.2027", "31/31/2026", "0.1.2026", "1.1.1445", "1.1.0", "1.1.202", "2026", "12",
        "10:30", "1,5", "32 December 2026", "December 2026", "5 March 2026 and 6 March", "March April 2026", "...",
        "5 تشرين 2027", "1/2/3/4", "99999999999999999999.1.2026", "may", "2026-13-01",
    ])
    func whatIsNoDateIsRefused(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func theCalendarCountsAsHistoryDid() throws {
        #expect(CalendarDate(daysSince1970: 0).iso == "1970-01-01")
        #expect(CalendarDate(iso: "1969-12-31")?.daysSince1970 == -1)
        #expect(CalendarDate(iso: "2000-02-29")?.daysSince1970 == 11_016)
        #expect(CalendarDate(iso: "1900-02-29") == nil && CalendarDate(iso: "2026-1-1") == nil)
        #expect(Self.today.weekday == 4)
        for days in stride(from: -200_000, through: 200_000, by: 97) {
            let date = CalendarDate(daysSince1970: days)
            #expect(date.daysSince1970 == days)
            #expect(CalendarDate(year: date.year, month: date.month, day: date.day) == date)
        }
    }

    @Test func theDayIsThatOfTheHostsClock() {
        let evening = Instant(milliseconds: 22 * 3_600_000)
        #expect(CalendarDate(at: evening, secondsEast: 0).iso == "1970-01-01")
        #expect(CalendarDate(at: evening, secondsEast: 3 * 3600).iso == "1970-01-02")
        #expect(CalendarDate(at: Instant(milliseconds: 0), secondsEast: -1).iso == "1969-12-31")
    }
}
