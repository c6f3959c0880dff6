import EventJSON
import Moonwire
import MoonwireScripts

/// What a journal tells, for machines. Times are ISO 8601 in UTC; what is absent is `null`.
enum HistoryJSON {
    static func event(_ event: RecordedEvent) -> JSON {
        var members = members(event.admitted)
        members["state"] = .string(state(event.end))
        return .object(members)
    }

    static func event(_ event: AdmittedEvent) -> JSON { .object(members(event)) }

    private static func members(_ event: AdmittedEvent) -> JSONObject {
        var members = JSONObject()
        members["id"] = .int(event.id.rawValue)
        members["at"] = .string(event.admittedAt.iso8601)
        members["name"] = .string(event.event.name)
        members["from"] = text(event.event.from?.rawValue)
        members["text"] = text(event.event.message?.text)
        members["late"] = event.event.late.map { .int(Int64($0)) } ?? .null
        return members
    }

    static func run(_ run: RunLife) -> JSON {
        let record = run.record
        return [
            "run": .string("\(record.id)"), "session": .string("\(record.session)"), "script": .string(record.script),
            "version": .string(record.version), "handler": .string(record.handler),
            "event": .int(record.event.rawValue), "started": .string(record.startedAt.iso8601),
            "state": .string(state(run)), "ended": text(run.end?.at.iso8601), "error": text(run.end?.error),
            "steps": .array(run.steps.map { step($0, of: run) }),
        ]
    }

    static func pause(_ pause: SessionPause) -> JSON {
        ["since": .string(pause.at.iso8601), "by": .string(pause.by.id), "name": text(pause.by.name)]
    }

    static func letter(_ letter: DeadLetter) -> JSON {
        [
            "at": .string(letter.at.iso8601), "session": .string("\(letter.session)"),
            "script": .string(letter.script), "run": text(letter.run?.description), "error": .string(letter.error),
        ]
    }

    /// `running` for what has not begun to wait and has not ended.
    static func state(_ run: RunLife) -> String {
        if let end = run.end { return end.state.rawValue }
        guard let last = run.steps.last, last.outcome == nil, StepKind.isWait(last.step.kind) else { return "running" }
        return "waiting"
    }

    static func state(_ end: EventEnd?) -> String {
        switch end {
        case nil: "pending"
        case .handled?: "handled"
        case .unmatched?: "unmatched"
        case .failed?: "failed"
        }
    }

    private static func step(_ step: RecordedStep, of run: RunLife) -> JSON {
        let record = step.step
        return [
            "number": .int(Int64(record.number)), "kind": .string(record.kind),
            "session": text(record.session?.description), "arguments": parsed(record.arguments),
            "location": .string(record.location), "at": .string(record.at.iso8601),
            "deadline": text(record.deadline?.iso8601), "outcome": step.outcome.map(outcome) ?? .null,
        ]
    }

    private static func outcome(_ outcome: StepOutcome) -> JSON {
        let (name, value): (String, JSON) =
            switch outcome.result {
            case .value(let value): ("value", parsed(value))
            case .none(let reason): ("none", .string(reason))
            case .event(let event): ("event", .int(event.id.rawValue))
            case .failure(let failure):
                ("failure", ["code": .string(failure.code), "message": .string(failure.message)])
            }
        return ["at": .string(outcome.at.iso8601), "kind": .string(name), "value": value]
    }

    private static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

    private static func parsed(_ value: RawJSON) -> JSON { (try? JSON(parsing: value.bytes)) ?? .null }
}
