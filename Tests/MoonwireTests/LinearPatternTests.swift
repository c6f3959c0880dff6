import Moonwire
import Testing

struct LinearPatternTests {
    @Test(arguments: [
        ("order", "my order is late", true), ("^order", "my order", false), ("^[A-Z]{2}\\d{5}$", "AB12345", true),
        ("^[A-Z]{2}\\d{5}$", "AB1234", false), ("colou?r", "color", true), ("a(b|c)+d", "xacbbd", true),
        ("a(b|c)+d", "ad", false), ("(?i)hello", "HeLLo", true), ("(?i)[A-Z]+!", "abc!", true),
        ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false), ("[^0-9]", "123", false), ("", "anything", true),
        ("x{0,2}y", "xxxy", true), ("^x{0,2}y", "xxxy", false), ("طلب", "أين طلبي", true), ("[]a]", "]", true),
        ("a|", "zzz", true), ("\\.", "a.b", true),
    ])
    func matchesAsRegularExpressionsDo(pattern: String, text: String, expected: Bool) throws {
        #expect(try LinearPattern(pattern).matches(text) == expected)
    }

    @Test(arguments: ["(", ")", "[a", "*a", "a{2,1}", "a{101}", "\\q", "(?=a)", "a{", "[z-a]", "\\"])
    func whatIsNotUnderstoodIsAnErrorWithAPosition(pattern: String) {
        #expect {
            try LinearPattern(pattern)
        } throws: { error in
            "\(error)".contains("position")
        }
    }

    @Test func aPatternThatExplodesElsewhereStaysLinear() throws {
        let pattern = try LinearPattern("(a*)*(a?){30}a{30}b")
        #expect(!pattern.matches(String(repeating: "a", count: 2000)))
    }

    @Test func nestedRepeatsDoNotGrowWithoutBound() {
        #expect(throws: PatternError.self) { try LinearPattern("((a{100}){100}){100}") }
        #expect(throws: PatternError.self) { try LinearPattern("(((((){100}){100}){100}){100}){100}") }
    }
}
