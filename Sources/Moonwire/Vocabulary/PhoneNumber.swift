/// Reads telephone numbers into E.164: `+966501234567`.
package enum PhoneNumber {
    /// The longest number there is has 15 digits, its calling code included.
    private static let lengths = 7...15
    /// Longer than any national number that could begin with its own country's calling code.
    private static let nationalAtMost = 10

    /// - Parameter country: where a number without a plus sign or 00 is dialled; without it such a number is refused.
    package static func read(_ said: String, country: CallingCode?) -> String? {
        var text = TypedText.plain(said)
        if text.hasPrefix("tel:") { text = String(text.dropFirst(4)) }
        guard text.allSatisfy({ $0.isASCIIDigit || " +-()./".contains($0) }), let hasPlus = hasPlus(text) else {
            return nil
        }
        var digits = text.filter(\.isASCIIDigit)
        if !hasPlus {
            if digits.hasPrefix("00") {
                digits.removeFirst(2)
            } else if country?.code == "1", digits.hasPrefix("011") {
                digits.removeFirst(3)
            } else {
                guard let country else { return nil }
                return national(digits, in: country)
            }
        }
        return international(digits)
    }

    /// Nil when a plus sign stands where it makes no sense. Behind the digits it is the beginning of a number that was
    /// typed from right to left.
    private static func hasPlus(_ text: String) -> Bool? {
        let bare = text.filter { $0.isASCIIDigit || $0 == "+" }
        switch bare.count(where: { $0 == "+" }) {
        case 0: return false
        case 1: return bare.first == "+" || bare.last == "+" ? true : nil
        default: return nil
        }
    }

    private static func international(_ digits: String) -> String? {
        guard let parts = CallingCodes.split(digits) else { return nil }
        var national = parts.national
        // Never dialled from abroad, and often written all the same: "+49 (0)30 …".
        if parts.trunk == "0", national.hasPrefix("0") { national.removeFirst() }
        return joined(parts.code, national, shortest: 4)
    }

    private static func national(_ digits: String, in country: CallingCode) -> String? {
        if !country.trunk.isEmpty, digits.hasPrefix(country.trunk) {
            let rest = String(digits.dropFirst(country.trunk.count))
            if country.trunk == "0" || rest.count >= country.shortest {
                return joined(country.code, rest, shortest: country.shortest)
            }
        }
        // An international number whose plus sign was left out.
        let rest = String(digits.dropFirst(country.code.count))
        if digits.hasPrefix(country.code), digits.count > nationalAtMost, rest.count >= max(8, country.shortest) {
            return international(digits)
        }
        return joined(country.code, digits, shortest: country.shortest)
    }

    private static func joined(_ code: String, _ national: String, shortest: Int) -> String? {
        guard national.count >= shortest, lengths.contains(code.count + national.count) else { return nil }
        return "+" + code + national
    }
}
