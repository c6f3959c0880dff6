/// What message texts need on their way out and in.
public enum ChatwootText {
    /// Text that no template engine changes: what is written is what the reader sees.
    ///
    /// Installations from release 2.13 on render outgoing text as Liquid: `{{ name }}` becomes a value, or nothing. A
    /// word joiner (U+2060) between the two characters that begin a tag keeps it from being one. The mark takes no
    /// space, means nothing to Markdown, and does no harm where there is no Liquid; Liquid's own `raw` tag would be
    /// exact, but shows as text on older installations and closes at the wrong place beside backticks. Text between
    /// backticks is left as it is, because the server does not render it either.
    public static func escapingLiquid(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
        var escaped = ""
        var rest = text[...]
        while let opening = rest.firstIndex(of: "`"),
            let closing = rest[rest.index(after: opening)...].firstIndex(of: "`")
        {
            escaped += breakingTags(rest[..<opening])
            escaped += rest[opening...closing]
            rest = rest[rest.index(after: closing)...]
        }
        return escaped + breakingTags(rest)
    }

    private static let wordJoiner: Unicode.Scalar = "\u{2060}"

    private static func breakingTags(_ text: Substring) -> String {
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if previous == "{", scalar == "{" || scalar == "%" { scalars.append(wordJoiner) }
            scalars.append(scalar)
            previous = scalar
        }
        return String(scalars)
    }

    /// The words of a Markdown text without their markup, to compare with what someone was asked for.
    ///
    /// Takes away emphasis, code marks, headings, quotes, list marks, links and images (their text stays), backslashes
    /// in front of punctuation or line ends, and characters that no one sees. Single `*` and `_` inside words stay.
    public static func plain(_ markdown: String) -> String {
        let visible = String(String.UnicodeScalarView(markdown.unicodeScalars.filter { !isInvisible($0) }))
        let unified = visible.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
        let lines = unified.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var inline = MarkdownLine(withoutBlockMark(line))
            return inline.plain()
        }
        return lines.joined(separator: "\n").trimmingWhitespace()
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        // The joiners U+200C and U+200D are part of words and emoji, and stay.
        switch scalar.value {
        case 0x200B, 0x2060, 0xFEFF, 0x00AD: true
        default: false
        }
    }

    /// A line without the marks of headings, quotes and lists in front.
    private static func withoutBlockMark(_ line: Substring) -> Substring {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        if trimmed.first == ">" { return withoutBlockMark(trimmed.dropFirst()) }
        if trimmed.prefix(while: { $0 == "`" }).count >= 3 { return "" }
        for mark in ["# ", "## ", "### ", "#### ", "##### ", "###### ", "- ", "* ", "+ "] where trimmed.hasPrefix(mark)
        {
            return trimmed.dropFirst(mark.count)
        }
        return trimmed
    }
}

extension String {
    fileprivate func trimmingWhitespace() -> String {
        let start = drop { $0.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
