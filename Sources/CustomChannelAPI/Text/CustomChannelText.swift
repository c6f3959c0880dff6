/// Cuts texts that are too long for one message.
public enum CustomChannelText {
    /// The parts of a text, none longer than `limit` UTF-16 code units.
    ///
    /// Cuts between lines where a line ends in the second half of a part, else between words, else between characters;
    /// inside of a character only when it alone is longer than the limit. The line break or space at a cut is dropped.
    public static func split(_ text: String, limit: Int = CustomChannelLimits.text) -> [String] {
        let limit = max(limit, 2)
        var parts: [String] = []
        var rest = text[...]
        while rest.utf16.count > limit {
            let cut = cut(rest, limit: limit)
            parts.append(String(rest[..<cut.end]))
            rest = rest[cut.next...]
        }
        if !rest.isEmpty || parts.isEmpty { parts.append(String(rest)) }
        return parts.filter { !$0.isEmpty || text.isEmpty }
    }

    private static func cut(_ text: Substring, limit: Int) -> (end: String.Index, next: String.Index) {
        var (index, length) = (text.startIndex, 0)
        var lineEnd: String.Index?
        var wordEnd: String.Index?
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            let width = character.utf16.count
            if length >= limit / 2 {
                if character.isNewline { lineEnd = index } else if character.isWhitespace { wordEnd = index }
            }
            guard length + width <= limit else { break }
            length += width
            index = next
        }
        if let end = lineEnd ?? wordEnd { return (end, text.index(after: end)) }
        if index > text.startIndex { return (index, index) }
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.first, length + scalar.utf16.count <= limit {
            length += scalar.utf16.count
            scalars.removeFirst()
        }
        return (scalars.startIndex, scalars.startIndex)
    }
}
