/// What is written instead of secrets and of what tells who somebody is: the same stand-in for the same value, so that
/// a recording still shows which values belong together, and can be played back.
struct StandIns {
    private(set) var secrets: [String: String] = [:]
    private(set) var names: [String: String] = [:]
    private var emails: [String: String] = [:]
    private var phones: [String: String] = [:]

    mutating func secret(_ value: String) -> String {
        if value.isEmpty || value.hasPrefix("redacted-") { return value }
        return Self.standIn(for: value, in: &secrets) { "redacted-\($0)" }
    }

    mutating func name(_ value: String) -> String {
        if value.isEmpty || value.hasPrefix("Person ") { return value }
        return Self.standIn(for: value, in: &names) { "Person \($0)" }
    }

    mutating func email(_ value: String) -> String {
        if value.isEmpty || value.hasSuffix("@example.org") { return value }
        return Self.standIn(for: value.lowercased(), in: &emails) { "person\($0)@example.org" }
    }

    /// - Parameter value: however it was written; only its digits count.
    mutating func phone(_ value: String) -> String {
        let digits = value.filter(\.isNumber)
        if digits.isEmpty { return value }
        return Self.standIn(for: digits, in: &phones) { "+\(10_000_000_000 + $0)" }
    }

    private static func standIn(
        for value: String, in known: inout [String: String], _ make: (Int) -> String
    ) -> String {
        if let standIn = known[value] { return standIn }
        let standIn = make(known.count + 1)
        known[value] = standIn
        return standIn
    }
}
