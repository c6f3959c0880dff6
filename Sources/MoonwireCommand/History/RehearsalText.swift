import EventJSON
import Moonwire

/// The result of a rehearsal, for a person or a machine.
struct RehearsalText {
    let report: RehearsalReport

    func lines(_ colour: (String, Terminal.Colour) -> String) -> [String] {
        var lines: [String] = []
        for session in report.reports {
            lines.append("session \(session.session)")
            lines += folded(session.lines, colour)
            if let unknown = session.unknown {
                lines.append(
                    colour("  ? \(unknown.kind)\(unknown.arguments)  \(unknown.location)", .yellow)
                        + "\n      the recording has no outcome for it: the session is not rehearsed any further")
            }
        }
        return lines + [summary]
    }

    private var summary: String {
        var parts = [SessionText.counted(report.sessions, "session"), "\(report.different) differ"]
        if report.unknown > 0 { parts.append("\(report.unknown) unknown") }
        return parts.joined(separator: ", ")
    }

    /// Of a long row of equal steps the first and the last are enough.
    private func folded(
        _ lines: [RehearsalReport.Line], _ colour: (String, Terminal.Colour) -> String
    ) -> [String] {
        var result: [String] = []
        var same: [String] = []
        func flush() {
            if same.count > 4 {
                result += [same[0], "      … \(same.count - 2) more of the same", same[same.count - 1]]
            } else {
                result += same
            }
            same = []
        }
        for line in lines {
            switch line {
            case .same(let effect): same.append("    " + text(effect))
            case .recorded(let effect):
                flush()
                result.append(colour("  - " + text(effect), .red))
            case .candidate(let effect):
                flush()
                result.append(colour("  + " + text(effect), .green))
            }
        }
        flush()
        return result
    }

    private func text(_ effect: RehearsalReport.Effect) -> String {
        effect.kind + (effect.arguments.hasPrefix("{") ? "" : ": ") + effect.arguments
            + (effect.location.isEmpty ? "" : "  \(effect.location)")
    }

    var json: String {
        let tree: JSON = [
            "sessions": .int(Int64(report.sessions)), "events": .int(Int64(report.events)),
            "differ": .int(Int64(report.different)), "unknown": .int(Int64(report.unknown)),
            "reports": .array(
                report.reports.map { session in
                    [
                        "session": .string("\(session.session)"), "differs": .bool(session.differs),
                        "unknown": session.unknown.map { unknown in
                            [
                                "kind": .string(unknown.kind), "arguments": .string(unknown.arguments),
                                "location": .string(unknown.location),
                            ]
                        } ?? .null, "effects": .array(session.lines.map(encode)),
                    ]
                }),
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }

    private func encode(_ line: RehearsalReport.Line) -> JSON {
        let (side, effect): (String, RehearsalReport.Effect) =
            switch line {
            case .same(let effect): ("both", effect)
            case .recorded(let effect): ("recorded", effect)
            case .candidate(let effect): ("candidate", effect)
            }
        return [
            "side": .string(side), "kind": .string(effect.kind), "arguments": .string(effect.arguments),
            "location": .string(effect.location),
        ]
    }
}
