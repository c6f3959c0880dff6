import Moonwire
import Yams

extension HostConfiguration {
    static func readBroadcasts(
        _ node: Node, _ reader: ConfigurationReader, into settings: inout BroadcastSettings
    ) {
        for (key, value) in reader.mapping(node, "broadcasts", known: ["throttle", "in_flight", "channels"]) {
            switch key {
            case "throttle": settings.throttle = reader.sendRate(value, key) ?? settings.throttle
            case "in_flight": settings.inFlight = reader.integer(value, key, in: 1...1000) ?? settings.inFlight
            default:
                for (name, rate) in reader.mapping(value, "broadcasts.channels", known: nil) {
                    if let rate = reader.sendRate(rate, name) { settings.channels[ChannelID(name)] = rate }
                }
            }
        }
    }

    static func readOptOut(_ node: Node, _ reader: ConfigurationReader, into settings: inout BroadcastSettings) {
        var words = OptOutTerms.standardWords
        var reply: String?
        for (key, value) in reader.mapping(node, "opt_out", known: ["words", "reply"]) {
            if key == "words" { words = reader.strings(value, key) } else { reply = reader.string(value, key) }
        }
        settings.optOut = OptOutTerms(words: words, reply: reply)
    }
}

extension ConfigurationReader {
    /// A rate such as `20/s`, `600/h` or `5/10s`.
    func sendRate(_ node: Node, _ name: String) -> SendRate? {
        guard let text = string(node, name) else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Int64(parts[0]), (1...1_000_000).contains(count),
            let period = DurationText.parse(parts[1].first?.isNumber == true ? String(parts[1]) : "1" + parts[1]),
            period > .zero
        else {
            report(node, "'\(name)' must be a rate such as 20/s or 600/h, not '\(text)'")
            return nil
        }
        return SendRate(count: count, period: period)
    }
}
