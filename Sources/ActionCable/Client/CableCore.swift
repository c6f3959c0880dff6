import WebSocketClient

/// The machine with its surroundings: socket, router, queues. Always behind the client's lock.
///
/// Carries out actions while the lock is held, which keeps their order. None of them waits or calls back.
struct CableCore {
    var machine: CableMachine
    var queues: [SubscriptionID: CableEventQueue] = [:]
    /// The connection that the shell should serve next.
    private(set) var wanted: (number: Int, dropped: Signal)?

    private let reader = CableFrameReader()
    private var router = CableRouter()
    private var routesVersion = 0
    private var socket: (number: Int, socket: WebSocket)?
    private var dropped: (number: Int, signal: Signal)?
    private let connectionWanted: Signal
    private let timeChanged: Signal
    /// When the timer will fire next, as far as it has been told.
    var armed: Duration?

    init(machine: CableMachine, connectionWanted: Signal, timeChanged: Signal) {
        self.machine = machine
        self.connectionWanted = connectionWanted
        self.timeChanged = timeChanged
    }

    mutating func run(_ actions: [CableMachine.Action]) {
        for action in actions {
            switch action {
            case .connect(let number):
                let signal = Signal()
                dropped = (number, signal)
                wanted = (number, signal)
                connectionWanted.raise()
            case .drop(let number): drop(number)
            case .send(let bytes): socket?.socket.enqueue(text: bytes)
            case .deliver(let id, let event): queues[id]?.append([event])
            case .finish(let id): queues.removeValue(forKey: id)?.finish()
            case .stop: connectionWanted.raise()
            }
        }
        // The timer is told only when it would be late: frames move the watchdog away and cost nothing.
        if let next = machine.nextDeadline, armed.map({ next < $0 }) ?? true {
            armed = next
            timeChanged.raise()
        }
    }

    mutating func takeWanted() -> (number: Int, dropped: Signal)? {
        defer { wanted = nil }
        return wanted
    }

    /// Takes over an open socket, unless it comes too late.
    mutating func adopt(_ newSocket: WebSocket, _ number: Int, now: Duration) -> Bool {
        let actions = machine.opened(number, now: now)
        guard case .opened = machine.phase, machine.connection == number else { return false }
        socket = (number, newSocket)
        run(actions)
        return true
    }

    /// Handles one batch, and returns the queue of a consumer that is too far behind.
    mutating func received(_ batch: [WebSocketMessage], _ number: Int, now: Duration) -> CableEventQueue? {
        guard machine.connection == number else { return nil }
        run(machine.heard(number, now: now))
        var full: CableEventQueue?
        var target: SubscriptionID?
        var events: [CableEvent] = []
        func flush() {
            guard let id = target, let queue = queues[id], queue.append(events) else { return }
            full = queue
        }
        for message in batch where message.kind == .text {
            if machine.routesVersion != routesVersion {
                router.forget()
                routesVersion = machine.routesVersion
            }
            let id: SubscriptionID
            if let known = router.route(message.payload) {
                id = known
            } else {
                switch reader.read(message.payload) {
                case .data(let identifier):
                    guard let found = machine.dataTarget(identifier) else { continue }
                    if found.isLive { router.learn(message.payload, found.id) }
                    id = found.id
                case let frame:
                    // What was read before this frame is heard before it.
                    flush()
                    target = nil
                    events = []
                    run(machine.received(frame, number, now: now))
                    continue
                }
            }
            if id != target {
                flush()
                target = id
                events = []
            }
            events.append(.frame(message.payload))
        }
        flush()
        return full
    }

    private mutating func drop(_ number: Int) {
        if let dropped, dropped.number == number { dropped.signal.raise() }
        dropped = nil
        if let socket, socket.number == number {
            socket.socket.abort()
            self.socket = nil
        }
        wanted = nil
    }
}
