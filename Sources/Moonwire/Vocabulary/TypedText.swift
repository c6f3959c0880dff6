/// What people type, with one spelling for what looks or means the same.
package enum TypedText {
    /// Digits of any script become ASCII, all kinds of spaces, dashes and apostrophes one of each, and marks of writing
    /// direction, which keyboards for right-to-left scripts insert unasked, go. Without surrounding spaces.
    package static func plain(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            switch properties.generalCategory {
            case .format: continue
            case .decimalNumber:
                guard let value = properties.numericValue, let digit = UInt8(exactly: value) else { continue }
                result.append(Unicode.Scalar(0x30 + digit))
                continue
            case .dashPunctuation:
                result.append("-")
                continue
            default: break
            }
            switch scalar {
            case "\u{2212}", "\u{FE63}", "\u{FF0D}": result.append("-")
            case "\u{2019}", "\u{2018}", "\u{02BC}", "\u{FF07}": result.append("'")
            case "\u{FF0B}": result.append("+")
            case "\u{FF0E}": result.append(".")
            case "\u{060C}", "\u{FF0C}": result.append(",")
            case _ where properties.isWhitespace: result.append(" ")
            default: result.append(scalar)
            }
        }
        let text = Substring(String(result)).drop { $0 == " " }
        return String(text.reversed().drop { $0 == " " }.reversed())
    }
}

extension Character {
    package var isASCIIDigit: Bool { self >= "0" && self <= "9" }
}
