/// One line of Markdown, read from left to right.
struct MarkdownLine {
    private let characters: [Character]
    private var index = 0

    init(_ line: some StringProtocol) {
        characters = Array(line)
    }

    /// The line's text without markup.
    mutating func plain() -> String {
        var text = ""
        while index < characters.count {
            let character = characters[index]
            switch character {
            case "\\" where index + 1 == characters.count: index += 1
            case "\\" where isPunctuation(index + 1):
                text.append(characters[index + 1])
                index += 2
            case "`": index += 1
            case "!" where next == "[" && linkEnd(index + 1) != nil: index += 1
            case "[":
                if let (labelEnd, end) = linkEnd(index) {
                    var label = MarkdownLine(String(characters[index + 1..<labelEnd]))
                    text += label.plain()
                    index = end
                } else {
                    text.append(character)
                    index += 1
                }
            case "<": text += autolink()
            case "*", "_", "~":
                let run = characters[index...].prefix { $0 == character }.count
                if !isMark(character, run) { text += String(repeating: character, count: run) }
                index += run
            default:
                text.append(character)
                index += 1
            }
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    private var next: Character? { index + 1 < characters.count ? characters[index + 1] : nil }

    private func isPunctuation(_ place: Int) -> Bool {
        guard place < characters.count, let ascii = characters[place].asciiValue else { return false }
        switch ascii {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return true
        default: return false
        }
    }

    /// Where a link's label and the link itself end, for `[label](target)`.
    private func linkEnd(_ start: Int) -> (label: Int, link: Int)? {
        var depth = 0
        for place in start..<characters.count {
            if characters[place] == "[" { depth += 1 }
            if characters[place] == "]" { depth -= 1 }
            guard depth == 0 else { continue }
            guard place + 1 < characters.count, characters[place + 1] == "(",
                let close = characters[(place + 1)...].firstIndex(of: ")")
            else { return nil }
            return (place, close + 1)
        }
        return nil
    }

    /// The address inside `<https://…>`, or the bracket itself.
    private mutating func autolink() -> String {
        if let close = characters[index...].firstIndex(of: ">") {
            let inside = String(characters[index + 1..<close])
            if inside.contains(":") || inside.contains("@"), !inside.contains(" ") {
                index = close + 1
                return inside
            }
        }
        index += 1
        return "<"
    }

    /// Whether a run of these characters marks emphasis: it touches text on one side and no word on the other, and
    /// its partner is on the line.
    private func isMark(_ character: Character, _ run: Int) -> Bool {
        guard character != "~" || run == 2, run <= 3 else { return false }
        let before = index > 0 ? characters[index - 1] : " "
        let after = index + run < characters.count ? characters[index + run] : " "
        let opens = !after.isWhitespace && (character == "*" || !isWord(before))
        let closes = !before.isWhitespace && (character == "*" || !isWord(after))
        if character != "~", isWord(before), isWord(after), run == 1 { return false }
        let hasEarlier = index > 0 && characters[..<index].contains(character)
        let hasLater = index + run < characters.count && characters[(index + run)...].contains(character)
        return opens && hasLater || closes && hasEarlier
    }

    private func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
}
