import CoreMetrics
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let metrics: [String: Implementation] = [
        "bot.metric.count": { call in
            let name = try call.metricName()
            let amount = try call.value(1).number ?? 1
            guard amount >= 0, amount.isFinite else { throw call.complaint("'by' must not be below zero") }
            let labels = try call.metricLabels()
            guard call.measures else { return .nothing }
            call.factory.makeFloatingPointCounter(
                label: name.hasSuffix("_total") ? name : name + "_total", dimensions: labels
            ).increment(by: amount)
            return .nothing
        },
        "bot.metric.observe": { call in
            let (name, value, labels) = try call.measurement()
            guard call.measures else { return .nothing }
            call.factory.makeRecorder(label: name, dimensions: labels, aggregate: true).record(value)
            return .nothing
        },
        "bot.metric.gauge": { call in
            let (name, value, labels) = try call.measurement()
            guard call.measures else { return .nothing }
            call.factory.makeMeter(label: name, dimensions: labels).set(value)
            return .nothing
        },
    ]
}

extension APICall {
    fileprivate static let mostNames = 50
    private static let mostLabels = 8
    private static let longestName = 60
    private static let longestValue = 64

    fileprivate var factory: any MetricsFactory { script.environment.metrics }

    /// Whether the run is doing this for the first time.
    fileprivate var measures: Bool { !script.voice.isMuted }

    fileprivate func measurement() throws -> (name: String, value: Double, labels: [(String, String)]) {
        let name = try metricName()
        guard let number = try value(1).number, number.isFinite else {
            throw complaint("'value' must be a finite number")
        }
        return (name, number, try metricLabels())
    }

    /// The metric's whole name, once it is known that the script may have one more.
    fileprivate func metricName() throws -> String {
        let name = text(0)
        guard name.utf8.count <= Self.longestName, Self.isMetricWord(name) else {
            throw complaint("'name' must be small letters, digits and underscores, 60 at most, got \"\(name)\"")
        }
        if !script.metricNames.contains(name) {
            guard script.metricNames.count < Self.mostNames else {
                throw complaint("a script may have \(Self.mostNames) metrics; '\(name)' is one more")
            }
            script.metricNames.insert(name)
        }
        return "moonwire_script_" + name
    }

    fileprivate func metricLabels() throws -> [(String, String)] {
        var labels = [("script", script.sources.script)]
        for entry in try value(2).table?.entries ?? [] {
            let name = entry.key.printed
            let value = entry.value.printed
            guard Self.isMetricWord(name), name != "script", name != "le", !name.hasPrefix("__") else {
                throw complaint(
                    "'\(name)' is no name for a label: small letters, digits and underscores, and not 'script'")
            }
            guard value.utf8.count <= Self.longestValue else {
                throw complaint("the value of the label '\(name)' is longer than \(Self.longestValue) bytes")
            }
            labels.append((name, value))
        }
        guard labels.count <= Self.mostLabels + 1 else {
            throw complaint("a metric may have \(Self.mostLabels) labels, got \(labels.count - 1)")
        }
        return labels
    }

    private static func isMetricWord(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
        }
    }
}
