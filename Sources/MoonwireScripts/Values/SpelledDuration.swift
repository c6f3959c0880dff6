import Moonwire

/// Reads times as scripts spell them.
enum SpelledDuration {
    private static let units: [Substring: Int64] = [
        "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
    ]

    /// `"90s"`, `"1h30m"`, `"500ms"`, `"2d"`; nil for anything else, and for what 64 bits cannot hold.
    static func parse(_ text: String) -> Duration? {
        var rest = Substring(text)
        var total: Int64 = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix(while: \.isASCIIDigit)
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let count = Int64(digits), let factor = units[unit] else { return nil }
            let (part, overflow) = count.multipliedReportingOverflow(by: factor)
            let (sum, overflowOfSum) = total.addingReportingOverflow(part)
            guard !overflow, !overflowOfSum else { return nil }
            total = sum
        }
        return .milliseconds(total)
    }

    /// A rate such as `"10/m"` or `"3/10s"`.
    static func parseRate(_ text: String) -> (count: Int, period: Duration)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first, let last = parts.last, let count = Int(first), count > 0,
            count <= 1_000_000
        else { return nil }
        let spelled = last.first?.isASCIIDigit == true ? String(last) : "1" + last
        guard let period = parse(spelled), period > .zero, period <= LuaAPI.longest else { return nil }
        return (count, period)
    }
}
