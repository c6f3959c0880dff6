/// A point in time: milliseconds since 1970-01-01T00:00:00Z, as the journal stores it.
public struct Instant: RawRepresentable, Hashable, Sendable, Codable, Comparable {
    public let rawValue: Int64

    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    public init(milliseconds: Int64) {
        rawValue = milliseconds
    }

    /// Clamped to what 64 bits of milliseconds hold; not-a-number becomes the epoch.
    public init(seconds: Double) {
        let milliseconds = (seconds * 1000).rounded()
        if milliseconds.isNaN {
            rawValue = 0
        } else if milliseconds >= 9.0e18 {
            rawValue = 9_000_000_000_000_000_000
        } else if milliseconds <= -9.0e18 {
            rawValue = -9_000_000_000_000_000_000
        } else {
            rawValue = Int64(milliseconds)
        }
    }

    public var seconds: Double { Double(rawValue) / 1000 }

    /// Rounded down.
    package var wholeSeconds: Int64 {
        let (quotient, remainder) = rawValue.quotientAndRemainder(dividingBy: 1000)
        return remainder < 0 ? quotient - 1 : quotient
    }

    public static func < (left: Instant, right: Instant) -> Bool { left.rawValue < right.rawValue }

    public static func + (left: Instant, right: Duration) -> Instant {
        Instant(rawValue: left.rawValue &+ right.milliseconds)
    }

    public static func - (left: Instant, right: Instant) -> Duration {
        .milliseconds(left.rawValue &- right.rawValue)
    }
}

extension Duration {
    /// Whole milliseconds, rounded towards zero.
    public var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }
}
