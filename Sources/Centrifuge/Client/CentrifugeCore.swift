import Logging
import WebSocketClient

/// The machine with its surroundings: socket, calls, questions. Always behind the client's lock.
///
/// Carries out actions while the lock is held, which keeps their order. None of them waits or calls back.
struct CentrifugeCore {
    /// Tells the client's loops that there is something for them.
    struct Signals: Sendable {
        let connectionWanted = Signal()
        let timeChanged = Signal()
        let asked = Signal()
        let eventsReady = Signal()
    }

    private(set) var machine: CentrifugeMachine
    /// When the timer will fire next, as far as it has been told.
    var armed: Duration?
    private var calls: [CallID: CheckedContinuation<ReplyBody, any Error>] = [:]
    private var lastCall = 0
    private var questions: [CredentialQuestion] = []
    private var wanted: (number: Int, dropped: Signal)?
    private var dropped: (number: Int, signal: Signal)?
    private var socket: (number: Int, socket: WebSocket)?
    private let reader = FrameReader()
    private let signals: Signals
    private let logger: Logger

    init(machine: CentrifugeMachine, signals: Signals, logger: Logger) {
        self.machine = machine
        self.signals = signals
        self.logger = logger
    }

    /// Lets the machine do something, and does what it says.
    mutating func step<Failure: Error>(
        _ body: (inout CentrifugeMachine) throws(Failure) -> [CentrifugeMachine.Action]
    ) throws(Failure) {
        run(try body(&machine))
        settle()
    }

    private mutating func run(_ actions: [CentrifugeMachine.Action]) {
        for action in actions {
            switch action {
            case .ask(let question):
                questions.append(question)
                signals.asked.raise()
            case .open(let number):
                let signal = Signal()
                dropped = (number, signal)
                wanted = (number, signal)
                signals.connectionWanted.raise()
            case .close(let number): part(number) { $0.startClose() }
            case .drop(let number): part(number) { $0.abort() }
            case .send(let bytes): socket?.socket.enqueue(text: bytes)
            case .complete(let id, let result):
                calls.removeValue(forKey: id)?.resume(with: result.mapError { $0 as any Error })
            case .note(let note): log(note)
            case .stop: signals.connectionWanted.raise()
            }
        }
    }

    /// Tells the timer and the consumer what they have to know.
    private mutating func settle() {
        // The timer is told only when it would be late: frames move the watchdog away and cost nothing.
        if let next = machine.nextDeadline, armed.map({ next < $0 }) ?? true {
            armed = next
            signals.timeChanged.raise()
        }
        if !machine.inbox.isEmpty || machine.inbox.isEnded { signals.eventsReady.raise() }
    }

    private mutating func part(_ number: Int, _ farewell: (WebSocket) -> Void) {
        if let socket, socket.number == number {
            farewell(socket.socket)
            self.socket = nil
        }
        if let dropped, dropped.number == number { dropped.signal.raise() }
        dropped = nil
        wanted = nil
    }

    private func log(_ note: MachineNote) {
        switch note {
        case .gap(let channel):
            logger.debug("numbers of a channel were skipped", metadata: ["centrifuge.channel": "\(printable(channel))"])
        case .consumerBehind: logger.debug("the consumer is behind; the connection waits for it")
        case .shortLife: logger.debug("the connection ended at once; the next wait grows")
        case .strayReply: logger.debug("an answer to no command was ignored")
        }
    }
}

// MARK: - Loops

extension CentrifugeCore {
    mutating func takeWanted() -> (number: Int, dropped: Signal)? {
        defer { wanted = nil }
        return wanted
    }

    mutating func takeQuestions() -> [CredentialQuestion] {
        defer { questions = [] }
        return questions
    }

    /// Takes over an open socket, unless it comes too late.
    mutating func adopt(_ newSocket: WebSocket, _ number: Int, now: Duration) -> Bool {
        guard machine.connection == number, case .opening = machine.phase else { return false }
        socket = (number, newSocket)
        step { $0.opened(number, now: now) }
        return true
    }

    /// Handles one batch, in order, as far as the connection lasts.
    mutating func received(_ batch: [WebSocketMessage], _ number: Int, now: Duration) {
        machine.heard(number, now: now)
        let reader = reader
        for message in batch {
            reader.read(message.payload) { frame in
                if case .unreadable = frame { logUnreadable(message.payload) }
                let actions = machine.received(frame, number, now: now)
                if !actions.isEmpty { run(actions) }
                return machine.connection == number && machine.isOpen
            }
        }
        settle()
    }

    private func logUnreadable(_ payload: [UInt8]) {
        let start = printable(String(decoding: payload.prefix(200), as: UTF8.self))
        logger.debug("not JSON, from the server", metadata: ["centrifuge.input": "\(start)"])
    }

    /// What waits for the consumer, or whether nothing will come any more.
    mutating func take() -> (events: [CentrifugeEvent], isOver: Bool) {
        let events = machine.takeEvents()
        let isOver = events.isEmpty && machine.endIsTaken()
        // A consumer that has caught up may be what the next attempt waited for.
        settle()
        return (events, isOver)
    }

    // MARK: Calls

    mutating func makeCall() -> CallID {
        lastCall += 1
        return CallID(number: lastCall)
    }

    mutating func call(
        _ id: CallID, _ request: CommandRequest, _ continuation: CheckedContinuation<ReplyBody, any Error>,
        now: Duration
    ) {
        calls[id] = continuation
        step { $0.call(id, request, now: now) }
    }

    /// The caller has lost interest, perhaps before the call was made.
    mutating func cancel(_ id: CallID) {
        machine.cancel(id)
        calls.removeValue(forKey: id)?.resume(throwing: CancellationError())
    }
}
