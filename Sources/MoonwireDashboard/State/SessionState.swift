import EventJSON
import Moonwire

/// What a page shows of a session, as JSON. Times are milliseconds since 1970.
struct SessionState {
    private static let steps = 14
    private static let longestText = 400

    let session: Session
    let glance: SessionGlance
    let now: Instant

    var json: JSONObject {
        [
            "session": .object(sessionMembers), "client": session.client.map { .object(members(of: $0)) } ?? .null,
            "pause": glance.pause.map(pause) ?? .null, "waiting": .array(glance.runs.compactMap(waiting)),
            "steps": .array(latestSteps), "panels": .array(panels),
        ]
    }

    private var sessionMembers: JSONObject {
        [
            "id": .string(session.id.id), "channel": .string(session.id.channel.rawValue),
            "status": .string(session.status), "owner": .string(session.owner.rawValue),
            "operator": session.operator.map { .object(Dashboard.json($0)) } ?? .null,
            "group": text(session.group), "labels": .array(session.labels.map(JSON.string)),
        ]
    }

    private func members(of client: Client) -> JSONObject {
        [
            "id": .string(client.id), "name": text(client.name), "phone": text(client.phone),
            "email": text(client.email), "language": text(client.language),
        ]
    }

    private func pause(_ pause: SessionPause) -> JSON {
        ["since": .int(pause.at.rawValue), "by": .string(pause.by.name ?? pause.by.id)]
    }

    /// A run whose last step is a wait.
    private func waiting(_ run: RunLife) -> JSON? {
        guard run.end == nil, let last = run.steps.last, last.outcome == nil else { return nil }
        let question = run.steps.last { $0.step.kind == "session:ask" || $0.step.kind == "session:ask (hint)" }
        let isQuestion = last.step.kind == "session:ask (answer)"
        return [
            "handler": .string(run.record.handler), "script": .string(run.record.script),
            "kind": .string(last.step.kind),
            "question": isQuestion ? text(question.flatMap { Self.member("text", of: $0) }) : .null,
            "event": text(Self.member("event", of: last)), "since": .int(last.step.at.rawValue),
            "until": last.step.deadline.map { .int($0.rawValue) } ?? .null,
        ]
    }

    /// The newest first.
    private var latestSteps: [JSON] {
        var steps: [(at: Instant, json: JSON)] = []
        for run in glance.runs where !run.record.handler.hasPrefix("panel:") {
            for step in run.steps where !Self.isInner(step.step.kind) {
                steps.append((step.step.at, json(step, of: run)))
            }
            if let end = run.end, end.state != .done {
                steps.append(
                    (end.at, ["at": .int(end.at.rawValue), "kind": "failed", "script": .string(run.record.script)]))
            }
        }
        let sorted = steps.enumerated().sorted { ($0.element.at, $0.offset) > ($1.element.at, $1.offset) }
        return sorted.prefix(Self.steps).map(\.element.json)
    }

    /// What a script keeps for itself says nothing to an operator.
    private static func isInner(_ kind: String) -> Bool { kind.contains("store:") || kind == "bot.panel" }

    private func json(_ step: RecordedStep, of run: RunLife) -> JSON {
        var members: JSONObject = [
            "at": .int(step.step.at.rawValue), "kind": .string(step.step.kind), "script": .string(run.record.script),
            "handler": .string(run.record.handler), "text": text(Self.member("text", of: step)),
        ]
        if isPrivate(step) { members.append("private", true) }
        switch step.outcome?.result {
        case nil: members.append("state", .string(run.end == nil ? "waiting" : "unknown"))
        case .value?: members.append("state", "done")
        case .none(let reason)?:
            members.append("state", "none")
            members.append("reason", .string(reason))
        case .event(let event)?:
            members.append("state", "event")
            members.append("event", .string(event.event.name))
            if let message = event.event.message {
                members.append("answer", .string(Self.shortened(message.text)))
                if message.isPrivate { members.append("private", true) }
            }
        case .failure(let failure)?:
            members.append("state", "failed")
            members.append("reason", .string(failure.code))
        }
        return .object(members)
    }

    private func isPrivate(_ step: RecordedStep) -> Bool {
        step.step.kind == "session:note" || (try? JSON(parsing: step.step.arguments.bytes))?["private"]?.bool == true
    }

    private var panels: [JSON] {
        glance.panels.sorted { $0.key < $1.key }.compactMap { name, content in
            guard var members = (try? JSON(parsing: content.bytes))?.object else { return nil }
            members["name"] = .string(name)
            return .object(members)
        }
    }

    private static func member(_ name: String, of step: RecordedStep) -> String? {
        (try? JSON(parsing: step.step.arguments.bytes))?[name]?.string.map(shortened)
    }

    private static func shortened(_ text: String) -> String {
        text.count <= longestText ? text : text.prefix(longestText - 1) + "…"
    }

    private func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}
