/// Writes families in Prometheus' text format, version 0.0.4.
struct ExpositionText {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ family: MetricFamily) {
        guard !family.samples.isEmpty else { return }
        append("# HELP ")
        append(family.name)
        append(" ")
        append(escaping: family.help, quotes: false)
        append("\n# TYPE ")
        append(family.name)
        append(" ")
        append(family.kind.rawValue)
        append("\n")
        for sample in family.samples {
            append(family.name)
            append(sample.suffix)
            write(sample.labels)
            append(" ")
            append(Self.number(sample.value))
            append("\n")
        }
    }

    private mutating func write(_ labels: [MetricLabel]) {
        guard !labels.isEmpty else { return }
        append("{")
        for (index, label) in labels.enumerated() {
            if index > 0 { append(",") }
            append(label.name)
            append("=\"")
            append(escaping: label.value, quotes: true)
            append("\"")
        }
        append("}")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func append(escaping text: String, quotes: Bool) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append("\\\\")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\"") where quotes: append("\\\"")
            default: bytes.append(byte)
            }
        }
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value), whole.magnitude < 1 << 53 { return String(whole) }
        return "\(value)"
    }
}
