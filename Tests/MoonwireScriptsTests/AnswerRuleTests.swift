import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct AnswerRuleTests {
    private static let monday = CalendarDate(daysSince1970: 20_783)

    private func read(_ rule: AnswerRule, _ text: String) -> Reading {
        let message = Message(id: "1", text: text, at: Instant(milliseconds: 0), from: .client)
        return rule.read(Answer(message), today: Self.monday)
    }

    @Test(arguments: ["a@b.co", "first.last+tag@sub.example.org", "mailto:a@b.co"])
    func addressesAreAccepted(_ text: String) {
        #expect(EmailAddress.read(text) != nil)
    }

    @Test(arguments: ["", "a", "a@b", "@b.co", "a@b.", "a@.co", "a b@c.de", "a@b@c.de", "<a@b.co>", "a..b@c.de"])
    func otherTextIsNoAddress(_ text: String) {
        #expect(EmailAddress.read(text) == nil)
    }

    @Test(
        arguments: [
            ("Billing", "billing"), ("BILLING!", "billing"), ("bill", "billing"), ("technical", "tech"),
            ("  3 ", "café"), ("٣", "café"), ("3)", "café"), ("cafe", "café"), ("ca", nil), ("bi", nil),
            ("4", nil), ("0", nil), ("-1", nil), ("-9223372036854775808", nil), ("9223372036854775807", nil), ("", nil),
            ("tec", "tech"), ("some", nil), ("something else", nil),
        ] as [(String, String?)])
    func choicesAreTypedCountedOrBegun(_ text: String, _ value: String?) {
        var rule = AnswerRule(kind: .choice)
        rule.choices = [
            QuickReply(title: "Billing", value: "billing"), QuickReply(title: "Technical help", value: "tech"),
            QuickReply(title: "Café", value: "café"),
        ]
        #expect(read(rule, text) == (value.map { .accepted(.string($0)) } ?? .refused))
    }

    @Test func aBeginningOfTwoTitlesIsNoAnswer() {
        var rule = AnswerRule(kind: .choice)
        rule.choices = ["Order status", "Order change"].map { QuickReply(title: $0, value: $0) }
        #expect(read(rule, "order") == .refused)
        #expect(read(rule, "order c") == .accepted("Order change"))
    }

    @Test func rangesAndWholeNumbersAreKept() {
        var rule = AnswerRule(kind: .number)
        rule.number = NumberRule(minimum: 1, maximum: 10, isWhole: true)
        #expect(read(rule, "10") == .accepted(10))
        #expect(read(rule, "2.0") == .accepted(2))
        #expect(read(rule, "2.5") == .refused && read(rule, "0") == .refused && read(rule, "11") == .refused)
        #expect(rule.defaultHint(today: Self.monday) == "Please answer with a whole number from 1 to 10.")
    }

    @Test func datesStayBetweenTheirBounds() {
        var rule = AnswerRule(kind: .date)
        rule.date = DateRule(earliest: .today, latest: DateRule.Bound("2026-12-31"))
        #expect(read(rule, "yesterday") == .refused)
        #expect(read(rule, "today") == .accepted("2026-11-26"))
        #expect(read(rule, "1.1.2027") == .refused)
        #expect(rule.defaultHint(today: Self.monday) == "Please answer with a date from 2026-11-26 to 2026-12-31.")
    }

    @Test(
        arguments: [
            ("90s", 90_000), ("1h30m", 5_400_000), ("500ms", 500), ("2d", 172_800_000), ("", nil), ("5", nil),
            ("m", nil), ("5x", nil), ("99999999999999999999s", nil), ("9223372036854775807d", nil),
        ] as [(String, Int?)])
    func timesAreReadAsSpelled(_ text: String, _ milliseconds: Int?) {
        #expect(SpelledDuration.parse(text) == milliseconds.map { Duration.milliseconds($0) })
    }
}
