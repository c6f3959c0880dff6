import Moonwire
import MoonwireScripts

/// A session's life as lines for a person, in the order of time.
struct SessionText {
    private struct Entry {
        let at: Instant
        let text: String
        var colour: Terminal.Colour?
        /// Belongs to the line above.
        var isContinued = false
    }

    private static let width = 100
    private static let margin = 26

    let session: SessionID
    let life: SessionLife
    let time: LocalTime

    func lines(_ colour: (String, Terminal.Colour) -> String) -> [String] {
        var lines = ["session \(session): \(summary)"]
        if let pause = life.pause {
            let person = pause.by.name ?? pause.by.id
            lines.append(colour("the bot is paused since \(time.moment(pause.at)) by \(person)", .yellow))
        }
        var (day, before): (String?, Instant?) = (nil, nil)
        for entry in entries {
            let today = time.day(entry.at)
            if today != day {
                lines += ["", today]
                (day, before) = (today, nil)
            }
            let gap = before.map { "+" + LocalTime.spelled(entry.at - $0) } ?? ""
            before = entry.at
            let margin =
                entry.isContinued
                ? String(repeating: " ", count: Self.margin)
                : time.time(entry.at) + Self.right(gap, Self.margin - 14) + "  "
            lines.append(colour(margin, .grey) + (entry.colour.map { colour(entry.text, $0) } ?? entry.text))
        }
        return lines
    }

    private var summary: String {
        let steps = life.runs.reduce(0) { $0 + $1.steps.count }
        return [
            Self.counted(life.events.count, "event"), Self.counted(life.runs.count, "run"),
            Self.counted(steps, "step"), Self.counted(life.deadLetters.count, "dead letter"),
        ].joined(separator: ", ")
    }

    private var entries: [Entry] {
        var entries: [Entry] = life.events.map { event in
            let mark = event.end == .handled ? "" : "  [\(HistoryJSON.state(event.end))]"
            return Entry(
                at: event.admitted.admittedAt,
                text: cut("event  " + StepText.event(event.admitted), keeping: mark),
                colour: event.end == .unmatched ? .grey : .cyan)
        }
        for (index, run) in life.runs.enumerated() { entries += self.entries(of: run, Self.label(index)) }
        entries += life.deadLetters.map { letter in
            Entry(at: letter.at, text: cut("dead letter  " + letter.error), colour: .red)
        }
        // Stable: what happened in one millisecond stays in the order of cause and effect.
        return entries.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private func entries(of run: RunLife, _ label: String) -> [Entry] {
        let record = run.record
        var entries = [
            Entry(
                at: record.startedAt,
                text: cut(
                    "run \(label)  \(record.id) of \(record.script) \(record.version.prefix(7)), \(record.handler): "
                        + HistoryJSON.state(run)), colour: .green)
        ]
        for step in run.steps { entries += self.entries(of: step, in: run, label) }
        if let end = run.end, end.state != .done {
            entries.append(
                Entry(at: end.at, text: cut("run \(label)  \(end.state.rawValue): \(end.error ?? "")"), colour: .red))
        } else if let end = run.end {
            let took = LocalTime.spelled(end.at - record.startedAt)
            entries.append(Entry(at: end.at, text: "run \(label)  done after \(took)", colour: .green))
        }
        return entries
    }

    /// One line, or two where one is too short.
    private func entries(of step: RecordedStep, in run: RunLife, _ label: String) -> [Entry] {
        let colour: Terminal.Colour? = step.hasFailed ? .yellow : nil
        let (head, at) = ("  \(label)\(step.step.number)  \(step.step.kind) ", step.step.at)
        let call = head + StepText.shortened(StepText.arguments(step.step.arguments), 1000)
        let duration = step.outcome.map { "  (\(LocalTime.spelled($0.at - at)))" } ?? ""
        let outcome = StepText.shortened(StepText.outcome(of: step, in: run, time), 1000)
        let line = call + " → " + outcome + duration
        if line.count <= Self.width - Self.margin { return [Entry(at: at, text: line, colour: colour)] }
        let indent = String(repeating: " ", count: label.count + 5)
        return [
            Entry(at: at, text: cut(call), colour: colour),
            Entry(at: at, text: cut(indent + "→ " + outcome, keeping: duration), colour: colour, isContinued: true),
        ]
    }

    private func cut(_ text: String, keeping end: String = "") -> String {
        StepText.shortened(text, max(Self.width - Self.margin - end.count, 20)) + end
    }

    /// A, B, … Z, AA, AB, …
    private static func label(_ index: Int) -> String {
        let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(index % 26)))
        return index < 26 ? letter : label(index / 26 - 1) + letter
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }

    static func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
}

extension RecordedStep {
    fileprivate var hasFailed: Bool {
        if case .failure? = outcome?.result { true } else { false }
    }
}
