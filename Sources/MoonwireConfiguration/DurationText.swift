/// Durations as people write them: a number and a unit.
public enum DurationText {
    private static let units: [(suffix: String, seconds: Double)] = [
        ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800),
    ]

    /// Parses `250ms`, `20s`, `1.5h`, `14d`; `nil` for anything else, negative ones included.
    public static func parse(_ text: String) -> Duration? {
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = Double(text.dropLast(unit.suffix.count)), number >= 0, number.isFinite else { continue }
            let milliseconds = number * unit.seconds * 1000
            return milliseconds < 9e15 ? .milliseconds(Int64(milliseconds)) : nil
        }
        return nil
    }
}
