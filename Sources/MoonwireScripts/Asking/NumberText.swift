import EventJSON
import Moonwire

/// Reads numbers as people of different countries write them.
///
/// Digits of any script; a point, a comma or the Arabic decimal sign before the fraction; points, commas, spaces,
/// apostrophes or the Arabic thousands sign between groups. A single comma with three digits behind it separates
/// thousands, a single point never does. Units, currencies and other words are refused: they may change the meaning.
enum NumberText {
    private static let longest = 64
    private static let arabicDecimal: Character = "\u{66B}"
    private static let arabicThousands: Character = "\u{66C}"

    /// A whole number where none of it stands behind a decimal sign, else a fraction.
    static func read(_ said: String) -> JSON? {
        var text = Substring(TypedText.plain(said))
        guard !text.isEmpty, text.utf8.count <= longest else { return nil }
        let isNegative = text.first == "-"
        if isNegative || text.first == "+" { text = text.dropFirst().drop { $0 == " " } }
        // The full stop of a sentence.
        if text.count > 1, text.last == "." { text = text.dropLast() }
        guard let parts = Parts(text), let number = parts.number else { return nil }
        let spelled = (isNegative ? "-" : "") + number.whole + (number.fraction.map { "." + $0 } ?? "")
        if number.fraction == nil, let whole = Int64(spelled) { return .int(whole) }
        return Double(spelled).flatMap { $0.isFinite ? .double($0) : nil }
    }

    /// Groups of digits and the separators between them.
    private struct Parts {
        private(set) var groups: [String] = [""]
        private(set) var separators: [Character] = []

        init?(_ text: Substring) {
            for character in text {
                if character.isASCIIDigit {
                    groups[groups.count - 1].append(character)
                } else if Self.isSeparator(character) {
                    separators.append(character)
                    groups.append("")
                } else {
                    return nil
                }
            }
            guard groups.dropFirst().allSatisfy({ !$0.isEmpty }) else { return nil }
        }

        private static func isSeparator(_ character: Character) -> Bool {
            switch character {
            case ".", ",", "'", " ", "_", arabicDecimal, arabicThousands: true
            default: false
            }
        }

        var number: (whole: String, fraction: String?)? {
            guard let hasFraction else { return nil }
            let fraction = hasFraction ? groups.last : nil
            let whole = hasFraction ? groups.dropLast() : groups[...]
            let between = hasFraction ? separators.dropLast() : separators[...]
            if whole.count == 1, let only = whole.first {
                guard !only.isEmpty || hasFraction else { return nil }
                return (only.isEmpty ? "0" : only, fraction)
            }
            guard let separator = between.first, separator != arabicDecimal, between.allSatisfy({ $0 == separator }),
                Self.isGrouped(Array(whole))
            else { return nil }
            return (whole.joined(), fraction)
        }

        /// Whether the last separator is the decimal one; nil where the text makes no sense either way.
        private var hasFraction: Bool? {
            guard let last = separators.last else { return false }
            let isAlone = separators.count == 1
            let isOnlyOne = separators.count { $0 == last } == 1
            switch last {
            case arabicDecimal: return isOnlyOne ? true : nil
            case ".": return isOnlyOne
            case ",":
                guard isAlone else { return isOnlyOne }
                let (whole, rest) = (groups.first ?? "", groups.last ?? "")
                return !(rest.count == 3 && (1...3).contains(whole.count) && !whole.hasPrefix("0"))
            default: return false
            }
        }

        /// Thousands, or the Indian way: three digits at the end and pairs before.
        private static func isGrouped(_ groups: [String]) -> Bool {
            guard let first = groups.first, groups.last?.count == 3, (1...3).contains(first.count) else { return false }
            let middle = groups.dropFirst().dropLast()
            return middle.allSatisfy { $0.count == 3 } || first.count <= 2 && middle.allSatisfy { $0.count == 2 }
        }
    }
}

/// Which numbers a question takes.
struct NumberRule {
    var minimum: Double?
    var maximum: Double?
    var isWhole = false

    func read(_ said: String) -> JSON? {
        guard let number = NumberText.read(said), let value = number.double else { return nil }
        if let minimum, value < minimum { return nil }
        if let maximum, value > maximum { return nil }
        guard isWhole, number.int == nil else { return number }
        return Int64(exactly: value).map(JSON.int)
    }

    var hint: String {
        let kind = isWhole ? "a whole number" : "a number"
        switch (minimum.map(Self.spelled), maximum.map(Self.spelled)) {
        case (let minimum?, let maximum?): return "Please answer with \(kind) from \(minimum) to \(maximum)."
        case (let minimum?, nil): return "Please answer with \(kind), \(minimum) or more."
        case (nil, let maximum?): return "Please answer with \(kind), \(maximum) or less."
        case (nil, nil): return "Please answer with \(kind)."
        }
    }

    private static func spelled(_ value: Double) -> String {
        Int64(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
