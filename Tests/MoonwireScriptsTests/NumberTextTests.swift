import EventJSON
import Testing

@testable import MoonwireScripts

struct NumberTextTests {
    @Test(
        arguments: [
            ("42", .int(42)), (" -7 ", .int(-7)), ("+7", .int(7)), ("\u{2212}5", .int(-5)), ("42.", .int(42)),
            ("007", .int(7)), ("3.5", .double(3.5)), (".5", .double(0.5)), ("3,5", .double(3.5)),
            ("3,50", .double(3.5)), ("0,500", .double(0.5)), ("1.234", .double(1.234)), ("-1,5", .double(-1.5)),
        ] as [(String, JSON)])
    func plainNumbersAndFractions(_ text: String, _ value: JSON) {
        #expect(NumberText.read(text) == value)
    }

    @Test(
        arguments: [
            ("1,234", .int(1234)), ("1,234.5", .double(1234.5)), ("1.234,5", .double(1234.5)),
            ("1.234.567", .int(1_234_567)), ("1,234,567", .int(1_234_567)), ("1,00,000", .int(100_000)),
            ("1 234 567", .int(1_234_567)), ("1\u{202F}234,5", .double(1234.5)), ("1'234.50", .double(1234.5)),
            ("1’234", .int(1234)), ("12,345,678.90", .double(12_345_678.9)),
        ] as [(String, JSON)])
    func groupsOfDigits(_ text: String, _ value: JSON) {
        #expect(NumberText.read(text) == value)
    }

    @Test(
        arguments: [
            ("٣٤", .int(34)), ("۳۴", .int(34)), ("٣٫٥", .double(3.5)), ("٣،٥", .double(3.5)),
            ("١٬٢٣٤٫٥", .double(1234.5)), ("\u{200F}٣٤\u{200F}", .int(34)), ("４２", .int(42)),
        ] as [(String, JSON)])
    func digitsAndSignsOfOtherScripts(_ text: String, _ value: JSON) {
        #expect(NumberText.read(text) == value)
    }

    @Test(arguments: [
        "", "+", "-", ".", ",", "4 apples", "$5", "5 SAR", "٥ ريال", "10%", "1-2", "1 2", "12 34", "1.2.3", "1,2,3",
        "1,234,5", "1,,2", "1e5", "5²", "½", "0x10", "1٫2٫3", "1.234.5,6,7", String(repeating: "1,", count: 60), "--5",
    ])
    func whatMayMeanSomethingElseIsRefused(_ text: String) {
        #expect(NumberText.read(text) == nil)
    }

    @Test func aHugeNumberIsAFraction() {
        #expect(NumberText.read("9223372036854775807") == .int(.max))
        #expect(NumberText.read("9223372036854775808") == .double(9.223372036854775808e18))
    }
}
