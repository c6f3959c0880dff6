import Foundation

/// A text made comparable: NFKD, marks and tatweel removed, case folded, and the Arabic forms joined that people
/// type for one another (alef with and without hamza, ya and alef maksura, ta marbuta and ha).
///
/// Folding is done once per event and only when a filter asks for it.
public final class FoldedText {
    public let original: String
    public private(set) lazy var trimmed = original.trimmingCharacters(in: .whitespacesAndNewlines)
    private lazy var tokens = Set(Self.words(of: original))
    private lazy var folded = " " + Self.words(of: original).joined(separator: " ") + " "

    public init(_ original: String) {
        self.original = original
    }

    /// Whether any of the words, folded already, stands in the text as a whole word (or run of words).
    public func containsAny(of words: Set<String>) -> Bool {
        words.contains { word in
            word.contains(" ") ? folded.contains(" " + word + " ") : tokens.contains(word)
        }
    }

    /// Whether the whole text is one of the phrases, which `joinedWords` has folded.
    public func isOne(of phrases: Set<String>) -> Bool {
        !phrases.isEmpty && phrases.contains(Self.joinedWords(original))
    }

    /// The first word, without a leading slash, and what follows it.
    public var command: (word: String, rest: String)? {
        var text = Substring(trimmed)
        if text.first == "/" { text.removeFirst() }
        guard let end = text.firstIndex(where: \.isWhitespace) else {
            return text.isEmpty ? nil : (Self.fold(String(text)), "")
        }
        let rest = text[end...].drop(while: \.isWhitespace)
        return (Self.fold(String(text[..<end])), String(rest))
    }

    /// The folded form of a text.
    public static func fold(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
        var result = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .spacingMark: continue
            default: break
            }
            switch scalar.value {
            case 0x0640: continue
            case 0x0671: result.append("\u{0627}")
            case 0x0649, 0x06CC: result.append("\u{064A}")
            case 0x0629, 0x06C1, 0x06D5: result.append("\u{0647}")
            case 0x06A9: result.append("\u{0643}")
            case 0x0660...0x0669, 0x06F0...0x06F9:
                result.append(Unicode.Scalar(UInt8(0x30 + (scalar.value & 0x0F))))
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    /// The folded words of a text, in order.
    public static func words(of text: String) -> [String] {
        fold(text).unicodeScalars.split { scalar in
            !(scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "'" || scalar == "_")
        }.map { String($0) }
    }

    /// Words as filters compare them: folded, with single spaces between.
    public static func joinedWords(_ text: String) -> String { words(of: text).joined(separator: " ") }
}
