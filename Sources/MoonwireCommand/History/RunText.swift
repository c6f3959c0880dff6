import LuaRuntime
import Moonwire
import MoonwireScripts

/// One run with everything that is known of it, as lines for a person.
struct RunText {
    let run: RunLife
    let inspection: RunInspection?
    /// Why the run could not be rebuilt.
    let problem: String?
    let time: LocalTime

    func lines(_ colour: (String, Terminal.Colour) -> String) -> [String] {
        let record = run.record
        var lines = [
            "run \(record.id): " + colour(HistoryJSON.state(run), run.end?.error == nil ? .green : .red),
            "  script   \(record.script), version \(record.version)", "  handler  \(record.handler)",
            "  session  \(record.session)", "  began    \(time.moment(record.startedAt))",
        ]
        if let trigger = run.trigger { lines.append("  event    \(trigger.id.rawValue)  \(StepText.event(trigger))") }
        if let end = run.end {
            lines.append(
                "  ended    \(time.moment(end.at)), after \(LocalTime.spelled(end.at - record.startedAt))")
            lines += (end.error ?? "").split(whereSeparator: \.isNewline).map { "           " + colour("\($0)", .red) }
        }
        lines += ["", run.steps.isEmpty ? "no steps" : "steps"] + run.steps.flatMap { self.lines(of: $0, colour) }
        return lines + position(colour)
    }

    private func lines(of step: RecordedStep, _ colour: (String, Terminal.Colour) -> String) -> [String] {
        let record = step.step
        let elsewhere = record.session.flatMap { $0 == run.record.session ? nil : " to \($0)" } ?? ""
        let duration = step.outcome.map { " (\(LocalTime.spelled($0.at - record.at)))" } ?? ""
        return [
            "  \(record.number)  \(time.time(record.at))  \(record.kind)\(elsewhere) "
                + StepText.shortened(StepText.arguments(record.arguments), 300) + colour("  \(record.location)", .grey),
            "       → " + StepText.shortened(StepText.outcome(of: step, in: run, time), 300) + duration,
        ]
    }

    private func position(_ colour: (String, Terminal.Colour) -> String) -> [String] {
        if let problem { return ["", colour("The run cannot be rebuilt: \(problem)", .red)] }
        guard let inspection else { return [] }
        switch inspection.end {
        case .ended: return []
        case .differs(let difference): return ["", colour("The run cannot be rebuilt: \(difference)", .red)]
        case .suspended:
            return ["", "where it stands, innermost first"] + inspection.frames.flatMap { lines(of: $0, colour) }
        }
    }

    private func lines(of frame: LuaFrame, _ colour: (String, Terminal.Colour) -> String) -> [String] {
        ["  " + colour("\(frame.file):\(frame.line)", .cyan) + (frame.function.map { "  in \($0)" } ?? "")]
            + frame.locals.map { "      local \($0.name) = \($0.value)" }
            + frame.upvalues.map { colour("      upvalue \($0.name) = \($0.value)", .grey) }
    }
}
