/// Finds the word that a person probably meant.
enum Suggestion {
    /// The nearest of the words, if one is near enough: about a third of the letters may differ.
    static func nearest(to word: String, among words: some Sequence<String>) -> String? {
        let limit = max(1, (word.count + 1) / 3)
        var best: (word: String, distance: Int)?
        for candidate in words {
            let distance = distance(word.lowercased(), candidate.lowercased())
            guard distance <= limit else { continue }
            if let best, best.distance <= distance { continue }
            best = (candidate, distance)
        }
        return best?.word
    }

    /// `; did you mean 'x'?`, or nothing.
    static func hint(for word: String, among words: some Sequence<String>) -> String {
        nearest(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
    }

    /// How many letters must be added, left out, replaced or swapped with their neighbour.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.unicodeScalars), Array(right.unicodeScalars.prefix(64)))
        guard left.count <= 64 else { return .max }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var cost = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
