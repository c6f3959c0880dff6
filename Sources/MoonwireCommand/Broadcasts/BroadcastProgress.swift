import Foundation
import Moonwire

/// How far a broadcast has come: one line that is drawn again on a terminal, one JSON object a line for a program.
struct BroadcastProgress {
    private let output: Terminal
    private let asJSON: Bool
    private var samples: [(at: Double, done: Int64)] = []
    private var last: BroadcastFigures?

    /// How much of the past counts for the rate, in seconds.
    private static let window = 15.0

    init(json: Bool) {
        output = Terminal(.output)
        asJSON = json || !output.isTerminal
    }

    /// - Parameter wait: Why nothing is sent for the moment.
    mutating func show(_ figures: BroadcastFigures, waitingFor wait: String? = nil, at now: Double) {
        samples.append((now, figures.done))
        samples.removeAll { $0.at < now - Self.window }
        if asJSON {
            if figures != last { output.line(figures.line) }
        } else {
            output.write("\r\u{1B}[K" + line(figures, wait))
        }
        last = figures
    }

    func end() {
        if !asJSON { output.write("\n") }
    }

    private func line(_ figures: BroadcastFigures, _ wait: String?) -> String {
        let state = figures.state
        // One less: a terminal that has filled a line goes on to the next.
        let text = ProgressLine(figures, rate: rate, wait: wait).fitted(to: (output.columns ?? 80) - 1)
        guard let range = text.range(of: "  \(state)  ") else { return text }
        return text.replacingCharacters(in: range, with: "  \(output.colour(state, Self.colour(of: state)))  ")
    }

    private var rate: Double? {
        guard let first = samples.first, let last = samples.last, last.at - first.at >= 1 else { return nil }
        return Double(last.done - first.done) / (last.at - first.at)
    }

    static func colour(of state: String) -> Terminal.Colour {
        switch state {
        case "running", "finishing": .cyan
        case "finished": .green
        case "paused": .yellow
        case "cancelled", "deleted": .red
        default: .grey
        }
    }

    static func spelled(_ seconds: Double) -> String {
        let whole = Int(min(seconds, 1e9).rounded(.up))
        if whole < 120 { return "\(whole) s" }
        if whole < 7200 { return "\(whole / 60) min" }
        return whole < 172_800 ? "\(whole / 3600) h \(whole % 3600 / 60) min" : "\(whole / 86_400) d"
    }
}
