import CoreMetrics
import EventJSON
import Foundation
import Logging
import Moonwire
import Synchronization
import Testing

@testable import MoonwireScripts

/// A stand-in for the engine: starts runs, answers steps at once and keeps what was asked for.
final class Rehearsal {
    static let channel = ChannelID("shop")
    static let methods: Set<String> = [
        "reply", "note", "quick_replies", "attach", "submit", "typing", "mark_read", "transfer", "close", "reopen",
        "label", "unlabel", "set", "messages", "refresh", "update",
    ]

    let script: any ScriptInstance
    let lines = LogLines()
    /// Every request, in order.
    private(set) var requests: [StepRequest] = []
    private(set) var run = RunID(rawValue: 7)
    private(set) var progress: RunProgress?
    var now = Instant(milliseconds: 1_000_500)
    /// The last run's beginning and outcomes, as a journal would keep them.
    private var beginning: RunStart?
    private var recorded: [StepOutcome] = []
    /// What store operations work on.
    private var values: [String: JSON] = [:]
    private var role: Role

    init(
        _ source: String, file: String = "bot.lua", others: [String: String] = [:], settings: String = "{}",
        role: Role = .operator, methods: Set<String> = Rehearsal.methods, bestEffort: Set<String> = [],
        limits: ScriptLimits = ScriptLimits(), logLevel: Logger.Level = .debug,
        otherChannels: [ChannelDescriptor] = [], metrics: any MetricsFactory = NOOPMetricsHandler.instance,
        wrapping: (LuaScriptLoader) -> any ScriptLoader = { $0 }
    ) throws(ScriptFailure) {
        self.role = role
        var files = others
        files[file] = source
        let sources = ScriptBundle.sources(
            script: "bot", files: files, entry: file, settings: RawJSON(validated: Array(settings.utf8)))
        let lines = lines
        var logger = Logger(label: "test") { _ in lines.handler }
        logger.logLevel = logLevel
        let descriptor = ChannelDescriptor(
            id: Self.channel, platform: .hoory, role: role, capabilities: methods, bestEffort: bestEffort)
        let environment = ScriptEnvironment(
            channels: [descriptor] + otherChannels, secrets: { ["KEY": "s3cret"][$0] }, folders: ["bot": "/scripts"],
            attachments: "/files", defaultLimits: limits, logger: logger, metrics: metrics)
        script = try wrapping(LuaScriptLoader(environment)).instantiate(sources)
    }

    // What happens

    func message(
        _ text: String, from: Speaker? = nil, attachments: [Moonwire.Attachment] = [], buttons: [QuickReply] = [],
        contentType: String = "text", submitted: String? = nil
    ) -> Event {
        let message = Message(
            id: "m1", text: text, at: Instant(milliseconds: 999_000), from: from ?? peer, contentType: contentType,
            attachments: attachments, quickReplies: buttons,
            submittedValues: submitted.map { RawJSON(validated: Array($0.utf8)) })
        return event(submitted == nil ? "message.created" : "message.updated", message: message)
    }

    func event(_ name: String, message: Message? = nil) -> Event {
        Event(
            name: name, native: name, key: "k", id: "e1", at: Instant(milliseconds: 999_000), channel: Self.channel,
            platform: .hoory, role: role, from: message?.from, session: session(), message: message,
            raw: RawJSON(validated: Array(#"{"deep":{"list":[1,2]}}"#.utf8)))
    }

    func session(status: String = "open", name: String = "Aisha") -> Session {
        Session(
            id: SessionID(channel: Self.channel, id: "118"), status: status, owner: .queue,
            client: Client(id: "5", name: name, attrs: RawJSON(validated: Array(#"{"vip":true}"#.utf8))),
            labels: ["new"])
    }

    private var peer: Speaker { role == .operator ? .client : .operator }

    func admitted(_ event: Event) -> AdmittedEvent {
        AdmittedEvent(id: EventID(rawValue: 1), event: event, body: EventBody(event), admittedAt: now)
    }

    /// Starts the handler that the event reaches first and answers its steps until it waits or ends.
    @discardableResult
    func happens(_ event: Event, run id: Int64 = 7) throws -> Rehearsal {
        run = RunID(rawValue: id)
        let handler = try #require(matching(event), "no handler takes \(event.name)")
        let start = RunStart(run: run, handler: handler.index, event: admitted(event), at: now)
        beginning = start
        recorded = []
        answerAll(script.start(start))
        return self
    }

    func matching(_ event: Event) -> HandlerDescriptor? {
        let text = FoldedText(event.message?.text ?? "")
        let isSaid = event.name == "message.created"
        let command = isSaid ? text.command?.word : nil
        let matching = script.handlers.filter { handler in
            if case .command(let word) = handler.trigger { return word == command }
            return handler.filter.matches(event, text: text, now: now)
        }
        return matching.first { $0.trigger != .event } ?? matching.max { $0.priority < $1.priority }
    }

    /// Gives a waiting run its event.
    @discardableResult
    func answer(_ event: Event) throws -> Rehearsal {
        let wait = try #require(waiting, "the run does not wait")
        let text = FoldedText(event.message?.text ?? "")
        #expect(wait.events.contains { $0.matches(event, text: text, now: nil) }, "the wait does not take the event")
        now = now + .seconds(1)
        return goOn(StepOutcome(result: .event(admitted(event)), at: now, session: event.session))
    }

    @discardableResult
    func says(_ text: String) throws -> Rehearsal { try answer(message(text)) }

    @discardableResult
    func timesOut() throws -> Rehearsal {
        try ends("timeout")
    }

    /// Ends the wait without an event.
    @discardableResult
    func ends(_ reason: String) throws -> Rehearsal {
        _ = try #require(waiting)
        return goOn(StepOutcome(result: .none(reason: reason), at: now))
    }

    private func goOn(_ outcome: StepOutcome) -> Rehearsal {
        recorded.append(outcome)
        answerAll(script.resume(run, with: outcome))
        return self
    }

    /// Drops the last run and rebuilds it from its recorded outcomes.
    @discardableResult
    func rebuilds() throws -> Rehearsal {
        let beginning = try #require(beginning)
        let asked = requests.suffix(recorded.count + 1).map(\.digest)
        script.drop(run)
        var digests: [UInt64] = []
        var progress = script.start(
            RunStart(
                run: run, handler: beginning.handler, event: beginning.event, at: beginning.at,
                recordedSteps: asked.count))
        for outcome in recorded {
            if case .failed(let failure) = progress, let next = script.handleFailure(of: run, failure, at: now) {
                progress = next
            }
            guard case .suspended(let request) = progress else { break }
            digests.append(request.digest)
            progress = script.resume(run, with: outcome)
        }
        if case .failed(let failure) = progress {
            progress = script.handleFailure(of: run, failure, at: now) ?? progress
        }
        if case .suspended(let request) = progress { digests.append(request.digest) }
        #expect(digests == asked, "the rebuilt run asks for other steps")
        self.progress = progress
        return self
    }

    var waiting: Wait? {
        guard case .suspended(let request)? = progress, case .wait(let wait) = request.action, !wait.events.isEmpty
        else { return nil }
        return wait
    }

    /// An outcome for the next step of a kind, instead of the usual one.
    var outcomes: [String: StepOutcome.Result] = [:]
    /// Outcomes for the next steps of a kind, in order.
    var series: [String: [StepOutcome.Result]] = [:]
    var snapshots: [String: Session] = [:]

    private func answerAll(_ first: RunProgress) {
        var progress = first
        while true {
            self.progress = progress
            switch progress {
            case .finished: return
            case .failed(let failure):
                guard let next = script.handleFailure(of: run, failure, at: now) else {
                    script.drop(run)
                    return
                }
                progress = next
            case .suspended(let request):
                requests.append(request)
                if waiting != nil { return }
                now = now + .seconds(1)
                let result =
                    outcomes.removeValue(forKey: request.kind) ?? nextOfSeries(request.kind)
                    ?? outcome(of: request.action)
                let outcome = StepOutcome(
                    result: result, at: now, session: snapshots.removeValue(forKey: request.kind))
                recorded.append(outcome)
                progress = script.resume(run, with: outcome)
            }
        }
    }

    private func nextOfSeries(_ kind: String) -> StepOutcome.Result? {
        guard let first = series[kind]?.first else { return nil }
        series[kind]?.removeFirst()
        return first
    }

    private func outcome(of action: StepRequest.Action) -> StepOutcome.Result {
        switch action {
        case .channel(.reply(let reply)):
            let message = Message(id: "sent-\(requests.count)", text: reply.text, at: now, from: .own)
            return .value(EventBody.encode(message))
        case .host(.store(let operation)): return .value(RawJSON(validated: store(operation).bytes))
        default: return .value(.null)
        }
    }

    private func store(_ operation: HostEffect.StoreOperation) -> JSON {
        let key = operation.scope + "|" + operation.key
        switch operation.command {
        case .get: return values[key] ?? .null
        case .set(let value, _):
            values[key] = value.flatMap { try? JSON(parsing: $0.bytes) }
            return .null
        case .increment(let step, _):
            let sum = Int64(values[key]?.int ?? 0) + step
            values[key] = .int(sum)
            return .int(sum)
        case .compareAndSet(let expected, let new, _):
            let matches = values[key] == expected.flatMap { try? JSON(parsing: $0.bytes) }
            if matches { values[key] = new.flatMap { try? JSON(parsing: $0.bytes) } }
            return .bool(matches)
        case .keys: return .array([.string("a"), .string("b")])
        case .limit: return ["ok": false, "wait": 30]
        }
    }

    // What came of it

    /// The texts of all messages, notes included.
    var said: [String] { replies.map(\.text) }

    var replies: [ChannelEffect.Reply] {
        requests.compactMap { request in
            if case .channel(.reply(let reply)) = request.action { reply } else { nil }
        }
    }

    var kinds: [String] { requests.map(\.kind) }

    var failure: ScriptFailure? { if case .failed(let failure)? = progress { failure } else { nil } }

    var isFinished: Bool { if case .finished? = progress { true } else { false } }
}

/// What the script logged.
final class LogLines: Sendable {
    private let lines: Mutex<[String]> = Mutex([])

    var all: [String] { lines.withLock { $0 } }
    var handler: any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.debug
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.lines.withLock { $0.append("\(event.level): \(event.message) " + fields.joined(separator: " ")) }
        }
    }
}
