/// The protocol's limits. Lengths count UTF-16 code units, which is never fewer than characters by any other count.
public enum CustomChannelLimits {
    public static let id = 50
    public static let text = 7000
    public static let url = 2000
    public static let words = 256
    public static let replies = 10
    public static let contactField = 50
    public static let phone = 18
    /// How far ahead of the clock an event may be dated, in milliseconds.
    public static let ahead: Int64 = 5 * 60_000
    /// A timestamp below it was given in seconds.
    public static let earliest: Int64 = 100_000_000_000
}

/// Checks of single fields.
enum FieldRule {
    static func text(
        _ value: String, _ field: String, limit: Int, mayBeEmpty: Bool = false
    ) throws(CustomChannelError) {
        if !mayBeEmpty, value.isEmpty { throw .invalid(field, "must not be empty") }
        let length = value.utf16.count
        if length > limit { throw .tooLong(field, length: length, limit: limit) }
    }

    static func optional(_ value: String?, _ field: String, limit: Int) throws(CustomChannelError) {
        if let value { try text(value, field, limit: limit, mayBeEmpty: true) }
    }

    static func link(_ value: String, _ field: String) throws(CustomChannelError) {
        try text(value, field, limit: CustomChannelLimits.url)
        let lower = value.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), !value.contains(where: \.isWhitespace) else {
            throw .invalid(field, "must be an http or https address that anybody can open")
        }
    }

    static func number(
        _ value: Double, _ field: String, in range: ClosedRange<Double>
    ) throws(CustomChannelError) {
        guard range.contains(value) else {
            throw .invalid(field, "is \(value), it must lie from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
