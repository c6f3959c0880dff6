import Foundation
import Moonwire

/// How far a broadcast has come, in as many characters as a terminal's line has: the bar goes first, then the zeros,
/// then the end of the name.
struct ProgressLine {
    private let figures: BroadcastFigures
    private let pace: [String]

    /// - Parameter wait: Why nothing is sent for the moment, which says more than a rate.
    init(_ figures: BroadcastFigures, wait: String?) {
        self.figures = figures
        var pace: [String] = []
        if let wait {
            pace.append(wait)
        } else {
            pace.append(String(format: "%.1f/s", figures.rate))
            if let left = figures.secondsLeft { pace.append("\(BroadcastProgress.spelled(left)) left") }
        }
        self.pace = pace + [figures.reason].compactMap(\.self)
    }

    func fitted(to columns: Int) -> String {
        for (bar, zeros) in [(20, true), (10, true), (10, false), (0, false)] {
            let line = text(bar: bar, zeros: zeros, name: title)
            if line.count <= columns { return line }
        }
        let excess = text(bar: 0, zeros: false, name: title).count - columns
        let name = title.dropLast(excess + 1) + "…"
        return String(
            text(bar: 0, zeros: false, name: excess < title.count ? String(name) : "…").prefix(max(columns, 0)))
    }

    private var title: String { "\(figures.name) \(figures.key)" }

    private func text(bar width: Int, zeros: Bool, name: String) -> String {
        let share = figures.audience > 0 ? Double(figures.done) / Double(figures.audience) : 0
        let filled = Int((share * Double(width)).rounded(.down))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let counts = [
            ("sent", figures.sent), ("skipped", figures.skipped), ("failed", figures.failed),
            ("unknown", figures.unknown),
        ]
        let shown = counts.filter { zeros || $0.1 > 0 || $0.0 == "sent" }.map { "\($0.0) \($0.1)" }
        let percent = "\(Int(share * 100)) %"
        return ([name, figures.state, width > 0 ? "\(bar) \(percent)" : percent] + shown + pace).joined(separator: "  ")
    }
}
