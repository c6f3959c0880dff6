import EventJSON
import Foundation
import Moonwire
import MoonwireScripts

/// Recorded steps and events in few words.
enum StepText {
    /// One line of at most `width` characters.
    static func shortened(_ text: String, _ width: Int) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
        return line.count <= width ? line : line.prefix(max(width - 1, 0)) + "…"
    }

    /// What the step asked for, without the call's name.
    static func arguments(_ arguments: RawJSON) -> String {
        guard let members = (try? JSON(parsing: arguments.bytes))?.object?.members, !members.isEmpty else { return "" }
        if members.count == 1, let text = members.first?.value.string { return quoted(text) }
        return members.map { "\($0.key)=\($0.value.string.map(quoted) ?? text($0.value))" }.joined(separator: " ")
    }

    /// How the step stands: what it brought, or what it waits for.
    static func outcome(of step: RecordedStep, in run: RunLife, _ time: LocalTime) -> String {
        guard let outcome = step.outcome else { return open(step, in: run, time) }
        switch outcome.result {
        case .value(let value): return brought(value)
        case .none(let reason): return "nil, \"\(reason)\""
        case .event(let event): return "took " + Self.event(event)
        case .failure(let failure): return "raised \(failure.code): \(failure.message)"
        }
    }

    private static func open(_ step: RecordedStep, in run: RunLife, _ time: LocalTime) -> String {
        if StepKind.isWait(step.step.kind) {
            if run.end != nil { return "was still waiting when the run ended" }
            return step.step.deadline.map { "waiting until \(time.moment($0))" } ?? "waiting"
        }
        return run.end == nil
            ? "in doubt: begun, and no outcome yet" : "in doubt: the run ended without its outcome"
    }

    private static func brought(_ value: RawJSON) -> String {
        guard let tree = try? JSON(parsing: value.bytes) else { return "?" }
        if case .null = tree { return "done" }
        if let id = tree["id"]?.string, tree["text"] != nil { return "message \(id)" }
        if let status = tree["status"]?.int, tree["body"] != nil { return "status \(status)" }
        return text(tree)
    }

    /// `message.created, client: "hello"`
    static func event(_ event: AdmittedEvent) -> String {
        var text = event.event.name.isEmpty ? "an event that is no longer kept" : event.event.name
        if let from = event.event.message?.from ?? event.event.from { text += ", \(from.rawValue)" }
        if let message = event.event.message {
            text += ": " + quoted(message.text)
            if !message.attachments.isEmpty { text += " with \(message.attachments.count) attachments" }
        }
        if let late = event.event.late { text += " (\(LocalTime.spelled(.seconds(late))) late)" }
        return text
    }

    static func quoted(_ text: String) -> String { String(decoding: JSON.string(text).bytes, as: UTF8.self) }

    private static func text(_ tree: JSON) -> String { String(decoding: tree.bytes, as: UTF8.self) }
}
