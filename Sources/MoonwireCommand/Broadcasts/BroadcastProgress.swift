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

    mutating func show(_ figures: BroadcastFigures, at now: Double) {
        samples.append((now, figures.done))
        samples.removeAll { $0.at < now - Self.window }
        if asJSON {
            if figures != last { output.line(figures.line) }
        } else {
            output.write("\r\u{1B}[K" + line(figures))
        }
        last = figures
    }

    func end() {
        if !asJSON { output.write("\n") }
    }

    private func line(_ figures: BroadcastFigures) -> String {
        let share = figures.audience > 0 ? Double(figures.done) / Double(figures.audience) : 0
        let filled = Int((share * 20).rounded(.down))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 20 - filled)
        var parts = [
            "\(figures.name) \(figures.key)", output.colour(figures.state, Self.colour(of: figures.state)),
            "\(bar) \(Int(share * 100)) %", "sent \(figures.sent)", "skipped \(figures.skipped)",
            "failed \(figures.failed)", "unknown \(figures.unknown)",
        ]
        if let rate {
            parts.append(String(format: "%.1f/s", rate))
            if rate > 0, figures.state == "running" {
                parts.append("\(Self.spelled(Double(figures.pending + figures.claimed) / rate)) left")
            }
        }
        if let reason = figures.reason { parts.append(reason) }
        return parts.joined(separator: "  ")
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
