import EventJSON

@testable import Centrifuge

/// A machine with a hand-driven time, fed with the texts of a server, and short names for what it does.
struct MachineHarness {
    var machine: CentrifugeMachine
    var now: Duration = .seconds(100)
    /// What the providers answer, one after the other.
    var answers: [CredentialAnswer] = []
    private let reader = FrameReader()
    /// The id of the last connect command.
    private(set) var connectID = 0

    init(random: Double = 0.5, _ change: (inout MachineSettings) -> Void = { _ in }) {
        var settings = MachineSettings()
        change(&settings)
        machine = CentrifugeMachine(settings: settings, random: { random })
    }

    /// A machine whose connection has been accepted, its events taken.
    static func connected(
        _ result: String = "{}", random: Double = 0.5, _ change: (inout MachineSettings) -> Void = { _ in }
    ) -> MachineHarness {
        var harness = MachineHarness(random: random, change)
        harness.connect(result)
        _ = harness.events()
        return harness
    }

    /// Starts, or waits for the next attempt, answers the providers' questions and opens the socket.
    @discardableResult
    mutating func open() -> [CentrifugeMachine.Action] {
        let isNew = machine.phase == .idle || machine.isStopped
        var actions = isNew ? machine.start(now: now) : runTo(machine.nextDeadline ?? now)
        actions += answerAll(actions)
        let sent = machine.opened(machine.connection, now: now)
        connectID = sent.ids.first ?? 0
        return actions + sent + answerAll(sent)
    }

    /// Opens, and accepts the connection with this result.
    @discardableResult
    mutating func connect(_ result: String = "{}") -> [CentrifugeMachine.Action] {
        open() + receive(#"{"id":\#(connectID),"connect":\#(result)}"#)
    }

    mutating func receive(_ text: String) -> [CentrifugeMachine.Action] {
        let number = machine.connection
        machine.heard(number, now: now)
        var actions: [CentrifugeMachine.Action] = []
        reader.read(Array(text.utf8)) { frame in
            actions += machine.received(frame, number, now: now)
            return machine.connection == number && machine.isOpen
        }
        return actions + answerAll(actions)
    }

    /// Gives the prepared answers to the questions among the actions, as far as there are any.
    mutating func answerAll(_ actions: [CentrifugeMachine.Action]) -> [CentrifugeMachine.Action] {
        var questions = actions.questions
        var all: [CentrifugeMachine.Action] = []
        while !questions.isEmpty, !answers.isEmpty {
            let more = machine.answered(questions.removeFirst(), answers.removeFirst(), now: now)
            questions += more.questions
            all += more
        }
        return all
    }

    mutating func close(_ code: UInt32, _ reason: String = "") -> [CentrifugeMachine.Action] {
        end(.closed(code: code, reason: reason))
    }

    mutating func end(_ end: ConnectionEnd) -> [CentrifugeMachine.Action] {
        machine.ended(machine.connection, end, now: now)
    }

    mutating func call(_ number: Int, _ request: CommandRequest) -> [CentrifugeMachine.Action] {
        machine.call(CallID(number: number), request, now: now)
    }

    /// Lets time pass, calling the machine exactly when it wants to be called.
    mutating func advance(_ duration: Duration) -> [CentrifugeMachine.Action] {
        runTo(now + duration)
    }

    mutating func runTo(_ end: Duration) -> [CentrifugeMachine.Action] {
        var actions: [CentrifugeMachine.Action] = []
        var calls = 0
        while let next = machine.nextDeadline, next <= end, calls < 10_000 {
            now = max(now, next)
            let more = machine.tick(now: now)
            actions += more + answerAll(more)
            calls += 1
        }
        now = max(now, end)
        return actions
    }

    /// Takes what waits for the consumer, in short.
    mutating func events() -> [String] {
        machine.takeEvents().map(\.brief)
    }

    /// How long the machine waits before the next attempt.
    var wait: Duration? {
        if case .waiting(let until) = machine.phase { until - now } else { nil }
    }

    func offset(_ channel: String) -> UInt64? { machine.serverStreams[channel]?.position.offset }
}

extension [CentrifugeMachine.Action] {
    /// The messages sent, as text.
    var sent: [String] {
        compactMap { if case .send(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    /// The commands sent, parsed.
    var commands: [JSON] {
        sent.flatMap { $0.split(separator: "\n") }.compactMap { try? JSON(parsing: String($0)) }
    }

    /// The ids of the commands sent.
    var ids: [Int] { commands.compactMap { $0["id"]?.int } }

    var questions: [CredentialQuestion] {
        compactMap { if case .ask(let question) = $0 { question } else { nil } }
    }

    func result(_ call: Int) -> Result<ReplyBody, CentrifugeError>? {
        for case .complete(let id, let result) in self where id.number == call { return result }
        return nil
    }

    func failure(_ call: Int) -> CentrifugeError? {
        if case .failure(let error) = result(call) { error } else { nil }
    }
}

extension CentrifugeEvent {
    /// The event in a few words.
    var brief: String {
        switch self {
        case .connecting(let reason): "connecting \(reason.code)"
        case .connected: "connected"
        case .disconnected(let reason): "disconnected \(reason.code)"
        case .subscribing(let channel, let reason): "subscribing \(channel) \(reason.code)"
        case .subscribed(let channel, let how):
            "subscribed \(channel)" + (how.wasRecovering ? " recovering" : "") + (how.recovered ? " recovered" : "")
                + (how.isStateLost ? " lost" : "")
        case .unsubscribed(let channel, let reason): "unsubscribed \(channel) \(reason.code)"
        case .publication(let channel, let publication):
            publication.offset.map { "\(channel)/\($0)" }
                ?? "\(channel) \(String(decoding: publication.data, as: UTF8.self))"
        case .join(let channel, let info): "join \(channel) \(info.user)"
        case .leave(let channel, let info): "leave \(channel) \(info.user)"
        case .message(let data): "message \(String(decoding: data, as: UTF8.self))"
        case .failure(let error): "failure \(error.number)"
        }
    }
}

/// A publication as the server pushes it.
func push(_ channel: String, _ offset: UInt64? = nil, data: String = "{}") -> String {
    let number = offset.map { #","offset":\#($0)"# } ?? ""
    return #"{"push":{"channel":"\#(channel)","pub":{"data":\#(data)\#(number)}}}"#
}
