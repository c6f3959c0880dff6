/// Reads the telephone number of a recipient. What might be somebody else's is refused.
enum RecipientPhone {
    /// National numbers are shorter, so that a longer one without a plus sign has its calling code.
    private static let internationalFrom = 11
    private static let shortest = 5

    /// `+` and digits, as E.164 has them.
    ///
    /// - Parameter country: where a number without a plus sign or 00 is dialled.
    static func read(_ said: String, country: CallingCode? = nil) -> Result<String, BroadcastProblem> {
        let shown = "'\(said.prefix(40))'"
        func problem(_ text: String) -> Result<String, BroadcastProblem> {
            .failure(BroadcastProblem("\(shown) \(text)"))
        }
        var text = TypedText.plain(said)
        if text.hasPrefix("tel:") { text = String(text.dropFirst(4)) }
        if isScientific(text) {
            return problem(
                "is what a spreadsheet makes of a long number, and its last digits are lost; format the column as text "
                    + "there, write the numbers anew and export the file again")
        }
        if text.contains("/") { return problem("may be two numbers; write one of them, without a slash") }
        switch Decimal(text) {
        case .whole(let digits): text = digits
        case .fraction: return problem("is a decimal number; format the column as text in the spreadsheet")
        case nil: break
        }
        let digits = text.filter(\.isASCIIDigit)
        guard digits.count >= shortest, text.allSatisfy({ $0.isASCIIDigit || " +-().".contains($0) }) else {
            return problem("is no phone number")
        }
        let isBare = !text.contains("+") && !digits.hasPrefix("00")
        if text.hasPrefix("+0")
            || country == nil && isBare && (digits.hasPrefix("0") || digits.count < internationalFrom)
        {
            return problem(
                "has no calling code; write it as +966…, or name the country beside the file: country = \"SA\"")
        }
        if isBare, let country, digits.count > internationalFrom, !digits.hasPrefix(country.code),
            country.trunk.isEmpty || !digits.hasPrefix(country.trunk)
        {
            return problem("is too long for \(country.country); write a plus sign before its calling code")
        }
        let number = PhoneNumber.read(country == nil && isBare ? "+" + text : text, country: country)
        return number.map(Result.success) ?? problem("is no phone number")
    }

    /// `9.665E+11`
    private static func isScientific(_ text: String) -> Bool {
        let halves = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        return halves.count == 2 && halves[0].first?.isASCIIDigit == true && halves[1].last?.isASCIIDigit == true
            && halves[0].allSatisfy { $0.isASCIIDigit || $0 == "." || $0 == "," }
            && halves[1].allSatisfy { $0.isASCIIDigit || $0 == "+" || $0 == "-" }
    }

    /// A number that a program has written as one with a fraction. Where people write dots, there are several of them, or
    /// long groups of digits.
    private enum Decimal {
        case whole(String)
        case fraction

        private static let longestArea = 8

        init?(_ text: String) {
            let halves = text.split(separator: ".", omittingEmptySubsequences: false)
            guard halves.count == 2, halves[1].allSatisfy(\.isASCIIDigit),
                halves[1].count < 3 || halves[0].count > Self.longestArea
            else { return nil }
            self = halves[1].allSatisfy { $0 == "0" } ? .whole(String(halves[0])) : .fraction
        }
    }
}
