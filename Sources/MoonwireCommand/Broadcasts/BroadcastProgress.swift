import Foundation
import Moonwire

/// How far a broadcast has come: one line that is drawn again on a terminal, one JSON object a line for a program.
struct BroadcastProgress {
    private let output: Terminal
    private let asJSON: Bool
    private var pace = BroadcastPace()
    private var last: (record: BroadcastRecord?, wait: BroadcastWait?)

    init(json: Bool) {
        output = Terminal(.output)
        asJSON = json || !output.isTerminal
    }

    /// - Parameter wait: Why nothing is sent for the moment.
    mutating func show(_ record: BroadcastRecord, waitingFor wait: BroadcastWait? = nil, at now: Instant) {
        pace.note(record, at: now)
        if !asJSON {
            let figures = BroadcastFigures(record, pace: pace, at: now)
            output.write("\r\u{1B}[K" + line(figures, wait?.text(at: now)))
        } else if record != last.record || wait != last.wait {
            output.line(BroadcastStatus(record, pace: pace, waitingFor: wait, at: now).line)
        }
        last = (record, wait)
    }

    func end() {
        if !asJSON { output.write("\n") }
    }

    private func line(_ figures: BroadcastFigures, _ wait: String?) -> String {
        let state = figures.state
        // One less: a terminal that has filled a line goes on to the next.
        let text = ProgressLine(figures, wait: wait).fitted(to: (output.columns ?? 80) - 1)
        guard let range = text.range(of: "  \(state)  ") else { return text }
        return text.replacingCharacters(in: range, with: "  \(output.colour(state, Self.colour(of: state)))  ")
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
