import EventJSON
import Testing

@testable import MoonwireScripts

struct AnswerRuleTests {
    @Test(
        arguments: [
            ("42", JSON.int(42)), (" -7 ", .int(-7)), ("3.5", .double(3.5)), ("3,5", .double(3.5)),
            ("1,234", .int(1234)),
            ("1,234.5", .double(1234.5)), ("٣٤", .int(34)), ("", nil), ("4 apples", nil), ("1-2", nil), ("+", nil),
        ] as [(String, JSON?)])
    func numbersAreReadAsPeopleWriteThem(_ text: String, _ value: JSON?) {
        #expect(AnswerRule.number(text) == value)
    }

    @Test(arguments: ["a@b.co", "first.last+tag@sub.example.org", "mailto:a@b.co"])
    func addressesAreAccepted(_ text: String) {
        #expect(AnswerRule.email(text) != nil)
    }

    @Test(arguments: ["", "a", "a@b", "@b.co", "a@b.", "a@.co", "a b@c.de", "a@b@c.de", "<a@b.co>", "a..b@c.de"])
    func otherTextIsNoAddress(_ text: String) {
        #expect(AnswerRule.email(text) == nil)
    }

    @Test(
        arguments: [
            ("+49 30 123456", "+4930123456"), ("0049 (30) 123-456", "+4930123456"), ("030/123456", "030123456"),
            ("٠٥٠١٢٣٤٥٦٧", "0501234567"), ("12345", nil), ("call me", nil), ("+49+30123456", nil),
        ] as [(String, String?)])
    func phoneNumbersAreNormalised(_ text: String, _ number: String?) {
        #expect(AnswerRule.phone(text) == number)
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
