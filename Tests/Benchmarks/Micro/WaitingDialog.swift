import Foundation
import Moonwire
import MoonwireScripts

/// A dialog that has asked its question and waits for the answer, as a script and as the journal sees it.
struct WaitingDialog {
    static let channel = ChannelID("bench")
    static let sources = ScriptBundle.sources(
        script: "greeter",
        files: [
            "greeter.lua": """
            bot.on("message.created", function(event, session)
              local name = session:ask("What is your name?", { timeout = "30d" })
              session:reply("Hello %s", name)
            end)
            """
        ], entry: "greeter.lua")

    /// Sessions are numbered from 1.
    let number: Int
    let at: Instant

    var session: SessionID { SessionID(channel: Self.channel, id: "\(number)") }
    private var run: RunID { RunID(rawValue: at.rawValue << 20 + Int64(number)) }

    func message(_ text: String, key: String) -> Event {
        Event(
            name: "message.created", native: "message.created", key: key, id: key, at: at, channel: Self.channel,
            platform: .bevatel, role: .operator, from: .client,
            session: Session(
                id: session, status: "open", owner: .bot,
                client: Client(id: "\(number)", name: "Sara", phone: "+966500000001", email: "sara@example.org")),
            message: Message(id: key, text: text, at: at, from: .client))
    }

    var admission: JournalEntry {
        let event = message("hello", key: "first:\(number)")
        return .admit(event: event, body: EventBody(event), at: at)
    }

    /// What the journal has of the run by the time it waits. The steps are those that the script asks for.
    func steps(_ trigger: EventID, asking requests: [StepRequest]) -> [JournalEntry] {
        let record = RunRecord(
            id: run, event: trigger, session: session, script: Self.sources.script, version: Self.sources.version,
            handler: "message.created#1", startedAt: at)
        let steps = requests.enumerated().map { index, request in
            let own = StepRequest(
                kind: request.kind, action: request.action, session: session, arguments: request.arguments,
                location: request.location)
            return StepRecord(
                run: run, number: index + 1, kind: own.kind, session: session, digest: own.digest,
                arguments: own.arguments, location: own.location, at: at,
                deadline: index == 1 ? at + .seconds(30 * 86_400) : nil)
        }
        let sent = OutcomeRecord(
            run: run, number: 1,
            outcome: StepOutcome(
                result: .value(
                    EventBody.encode(Message(id: "m\(number)", text: "What is your name?", at: at, from: .bot))),
                at: at), nativeID: "m\(number)")
        return [
            .startRun(record), .intent(steps[0]), .outcome(sent), .wait(steps[1], in: session),
            .finishEvent(trigger, .handled),
        ]
    }

    /// The question and the wait for its answer, as the script asks for them.
    static func requests(_ script: any ScriptInstance, at now: Instant) throws -> [StepRequest] {
        let event = WaitingDialog(number: 1, at: now).message("hello", key: "first")
        let trigger = AdmittedEvent(
            id: EventID(rawValue: 1), event: event, body: EventBody(event), admittedAt: now)
        let run = RunID(rawValue: 1)
        guard case .suspended(let question) = script.start(RunStart(run: run, handler: 0, event: trigger, at: now)),
            case .suspended(let wait) = script.resume(run, with: StepOutcome(result: .value(.null), at: now))
        else { throw BenchmarkError(description: "the script does not ask") }
        script.drop(run)
        return [question, wait]
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
}
