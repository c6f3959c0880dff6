/// Finds the word that someone probably meant.
public enum NearestWord {
    /// The candidate with the fewest edits, if it is near enough to be a likely slip: at most a third of the word.
    public static func to(_ word: String, in candidates: some Sequence<String>) -> String? {
        guard word.count <= longest else { return nil }
        let limit = max(1, word.count / 3 + (word.count > 3 ? 1 : 0))
        var best: (word: String, distance: Int)?
        for candidate in candidates {
            let distance = distance(word.lowercased(), candidate.lowercased())
            if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// `; did you mean 'x'?`, or nothing.
    public static func hint(for word: String, in candidates: some Sequence<String>) -> String {
        to(word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// Words longer than this are nobody's slip, and comparing them is not free.
    private static let longest = 64

    /// Insertions, deletions, substitutions and swaps of neighbours between two words.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars.prefix(longest))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...max(left.count, 1) where row <= left.count {
            var current = [row]
            for column in 1...max(right.count, 1) where column <= right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var best = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            beforeLast = last
            last = current
        }
        return last.last ?? 0
    }
}
