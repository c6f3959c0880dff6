/// How many bytes a run's steps hold in the journal, and what is said about it only once.
struct RunSize {
    private(set) var bytes = 0
    private var hasWarned = false

    mutating func add(_ count: Int) {
        bytes += count
    }

    /// Whether it is time for the one warning: four fifths of the limit.
    mutating func reaches(warningFor limit: Int) -> Bool {
        guard !hasWarned, bytes > limit / 5 * 4 else { return false }
        hasWarned = true
        return true
    }
}

extension StepOutcome {
    /// Bytes of what the outcome carries.
    var size: Int {
        switch result {
        case .value(let value): value.bytes.count
        case .event(let event): event.body.journalBytes.count
        case .none, .failure: 0
        }
    }
}

/// Bytes for a person: `1.5 MiB`.
func spelledBytes(_ count: Int) -> String {
    if count < 1024 { return "\(count) bytes" }
    let (divisor, unit) = count < 1 << 20 ? (1024.0, "KiB") : (1_048_576.0, "MiB")
    let tenths = Int((Double(count) / divisor * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) \(unit)" : "\(tenths / 10).\(tenths % 10) \(unit)"
}
