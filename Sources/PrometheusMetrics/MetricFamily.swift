/// What one metric measured: its series at one moment.
public struct MetricFamily: Sendable {
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// One line of the text.
    public struct Sample: Sendable {
        /// Behind the family's name: `_bucket`, `_sum` and `_count` of a histogram, otherwise nothing.
        let suffix: String
        let labels: [MetricLabel]
        let value: Double

        init(suffix: String = "", labels: [MetricLabel], value: Double) {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    public let name: String
    public let help: String
    public let kind: Kind
    private(set) var samples: [Sample] = []
    private var known: Set<[MetricLabel]> = []

    /// - Parameter name: What is no name for Prometheus is made one: other characters become underscores.
    public init(_ name: String, _ kind: Kind, help: String) {
        self.name = MetricName.metric(name)
        self.kind = kind
        self.help = help
    }

    init(_ name: String, _ kind: Kind, help: String, samples: [Sample]) {
        self.init(name, kind, help: help)
        self.samples = samples
    }

    /// Adds a series of a gauge or a counter. Of two with the same labels the first one stands.
    public mutating func add(_ value: Double, _ labels: (String, String)...) {
        let labels = MetricLabel.list(labels)
        guard known.insert(labels).inserted else { return }
        samples.append(Sample(labels: labels, value: value))
    }
}

/// A label of a series.
struct MetricLabel: Hashable, Comparable, Sendable {
    let name: String
    let value: String

    /// In the order of their names, each name once; the last value given for it stands. To Prometheus an empty one is
    /// the same as none.
    static func list(_ pairs: [(String, String)]) -> [MetricLabel] {
        var labels: [String: String] = [:]
        for (name, value) in pairs { labels[MetricName.label(name)] = value }
        return labels.filter { !$0.value.isEmpty }.map { MetricLabel(name: $0.key, value: $0.value) }.sorted()
    }

    static func < (left: MetricLabel, right: MetricLabel) -> Bool {
        (left.name, left.value) < (right.name, right.value)
    }
}

/// Names that Prometheus takes.
enum MetricName {
    static func metric(_ name: String) -> String { cleaned(name, allowsColon: true) }

    /// `le` is the histogram's own, and two underscores in front are Prometheus' own.
    static func label(_ name: String) -> String {
        let cleaned = cleaned(name, allowsColon: false)
        return cleaned == "le" || cleaned.hasPrefix("__") ? "label_" + cleaned : cleaned
    }

    private static func cleaned(_ name: String, allowsColon: Bool) -> String {
        var bytes: [UInt8] = name.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                byte
            case UInt8(ascii: ":") where allowsColon: byte
            default: UInt8(ascii: "_")
            }
        }
        if bytes.first.map({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) ?? true {
            bytes.insert(UInt8(ascii: "_"), at: 0)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
