public import Logging
import Synchronization
import WebSocketClient

/// A client of Centrifugo, and of any server built on Centrifuge: protocol version 2 as JSON over a WebSocket.
///
/// This target knows the protocol's commands, its codes and its rules of recovery. It does not know what the channels
/// are about: payloads pass through as the bytes that they were.
///
/// ```swift
/// let client = CentrifugeClient(configuration: configuration, logger: logger)
/// async let running: Void = client.run()
/// for await batch in client.events {
///     for case .publication(_, let publication) in batch { handle(publication.data) }
/// }
/// ```
///
/// All methods may be called from any thread.
public final class CentrifugeClient: Sendable {
    private let configuration: CentrifugeConfiguration
    private let logger: Logger
    private let time: ElapsedTime
    private let signals: CentrifugeCore.Signals
    private let core: Mutex<CentrifugeCore>
    private let isRead = Mutex(false)

    /// Creates a client, which connects when it is run.
    public init(configuration: CentrifugeConfiguration, logger: Logger) {
        let signals = CentrifugeCore.Signals()
        let machine = CentrifugeMachine(settings: MachineSettings(configuration), random: configuration.random)
        self.configuration = configuration
        self.logger = logger
        self.signals = signals
        self.time = ElapsedTime(configuration.clock)
        self.core = Mutex(CentrifugeCore(machine: machine, signals: signals, logger: logger))
    }

    /// What the client hears. For a single consumer, who has to keep up: see `CentrifugeEvents`.
    public var events: CentrifugeEvents {
        CentrifugeEvents { await self.nextBatch() }
    }

    /// How the client is doing.
    public var status: CentrifugeStatus {
        let now = time.now()
        return core.withLock { $0.machine.status(now: now) }
    }

    /// Connects, and goes on connecting, until the task is cancelled, `disconnect` is called, or there is no use in
    /// trying again: then the last event is `disconnected`.
    ///
    /// May be called again after it has returned. Positions in channels are kept, unless the end was our own wish.
    public func run() async {
        step { $0.start(now: $1) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTime() }
            group.addTask { await self.keepAnswering() }
            group.addTask { await self.keepConnected() }
            // Only the last ends by itself, when the machine has stopped.
            await group.next()
            group.cancelAll()
        }
        if Task.isCancelled { disconnect() }
    }

    /// Says goodbye and ends the run.
    public func disconnect() {
        step { $0.stop(now: $1) }
    }

    /// Subscribes to a channel, at any time; the subscription survives reconnects. Its events are among the client's.
    ///
    /// Not needed for channels that the server subscribes by itself. Throws `CentrifugeError` when the client has a
    /// subscription to the channel, or when `data` is not JSON.
    public func subscribe(
        _ channel: String, _ options: CentrifugeSubscriptionOptions = CentrifugeSubscriptionOptions()
    ) throws(CentrifugeError) {
        var options = options
        if let data = options.data { options.data = try OutgoingJSON.line(data) }
        let wanted = options
        try attempt { (machine, now) throws(CentrifugeError) in
            try machine.subscribe(channel, wanted, now: now)
        }.get()
    }

    /// Ends a subscription made by `subscribe`. Throws `CentrifugeError` when there is none.
    public func unsubscribe(_ channel: String) throws(CentrifugeError) {
        try attempt { (machine, now) throws(CentrifugeError) in
            try machine.unsubscribe(channel, now: now)
        }.get()
    }

    // MARK: Pieces

    private func step(_ body: @Sendable (inout CentrifugeMachine, Duration) -> [CentrifugeMachine.Action]) {
        let now = time.now()
        core.withLock { core in
            core.step { body(&$0, now) }
        }
    }

    private func attempt(
        _ body: @Sendable (inout CentrifugeMachine, Duration) throws(CentrifugeError) -> [CentrifugeMachine.Action]
    ) -> Result<Void, CentrifugeError> {
        let now = time.now()
        return core.withLock { core in
            do throws(CentrifugeError) {
                try core.step { (machine: inout CentrifugeMachine) throws(CentrifugeError) in try body(&machine, now) }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
    }

    /// Makes a call and waits for its answer.
    func perform(_ request: CommandRequest) async throws -> ReplyBody {
        let id = core.withLock { $0.makeCall() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let now = time.now()
                let isCancelled = core.withLock { core in
                    if Task.isCancelled { return true }
                    core.call(id, request, continuation, now: now)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            core.withLock { $0.cancel(id) }
        }
    }

    private func nextBatch() async -> [CentrifugeEvent]? {
        let wasRead = isRead.withLock { isRead in
            defer { isRead = true }
            return isRead
        }
        precondition(!wasRead, "The events of a Centrifuge client have one consumer.")
        defer { isRead.withLock { $0 = false } }
        while !Task.isCancelled {
            let (events, isOver) = core.withLock { $0.take() }
            if !events.isEmpty { return events }
            if isOver { return nil }
            await signals.eventsReady.wait()
        }
        return nil
    }
}

// MARK: - Time

extension CentrifugeClient {
    /// Calls the machine when something is due, and sleeps again when something is due earlier.
    private func keepTime() async {
        while !Task.isCancelled {
            let now = time.now()
            let deadline = core.withLock { core in
                core.step { $0.tick(now: now) }
                core.armed = core.machine.nextDeadline
                return core.armed
            }
            guard let deadline else {
                await signals.timeChanged.wait()
                continue
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.time.sleep(deadline) }
                group.addTask { await self.signals.timeChanged.wait() }
                await group.next()
                group.cancelAll()
            }
        }
    }
}

// MARK: - Credentials

extension CentrifugeClient {
    /// Asks the providers what the machine wants to know. A slow one delays nothing else.
    private func keepAnswering() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let questions = core.withLock { $0.takeQuestions() }
                if questions.isEmpty { await signals.asked.wait() }
                for question in questions {
                    group.addTask {
                        let answer = await self.answer(question.subject)
                        self.step { $0.answered(question, answer, now: $1) }
                    }
                }
            }
        }
    }

    private func answer(_ subject: CredentialQuestion.Subject) async -> CredentialAnswer {
        do {
            switch subject {
            case .connectionToken:
                return try await configuration.tokenProvider?().map { .token($0) } ?? .unauthorized
            case .connectData:
                guard let data = try await configuration.dataProvider?() else { return .unauthorized }
                return .data(try OutgoingJSON.line(data))
            case .subscriptionToken(let channel):
                let provider = core.withLock { $0.machine.subscriptions[channel]?.options.tokenProvider }
                return try await provider?(channel).map { .token($0) } ?? .unauthorized
            }
        } catch let error as CentrifugeError {
            return error.code == .unauthorized ? .unauthorized : .failed(error.message)
        } catch {
            return .failed("The \(subject) could not be had: the provider threw \(type(of: error)).")
        }
    }
}

// MARK: - Connections

extension CentrifugeClient {
    /// Serves the connections that the machine asks for, one after the other.
    private func keepConnected() async {
        while !Task.isCancelled {
            let (wanted, isStopped) = core.withLock { core in (core.takeWanted(), core.machine.isStopped) }
            if isStopped { return }
            guard let wanted else {
                await signals.connectionWanted.wait()
                continue
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.serve(wanted.number) }
                group.addTask { await wanted.dropped.wait() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    private func serve(_ number: Int) async {
        do {
            logger.debug("centrifuge connecting", metadata: ["centrifuge.connection": "\(number)"])
            let socket = try await WebSocket.connect(configuration.effectiveSocket, logger: logger)
            let now = time.now()
            guard core.withLock({ $0.adopt(socket, number, now: now) }) else {
                socket.abort()
                return
            }
            for try await batch in socket.batches {
                let now = time.now()
                core.withLock { $0.received(batch, number, now: now) }
            }
            if Task.isCancelled { return }
            let closure = socket.closure
            end(number, .closed(code: UInt32(closure?.code ?? 1006), reason: closure?.reason ?? ""))
        } catch let error as WebSocketError {
            end(number, ConnectionEnd(error))
        } catch {
            // The walk over the batches was cancelled: the machine has left the connection, or is about to.
        }
    }

    private func end(_ number: Int, _ end: ConnectionEnd) {
        logger.debug(
            "centrifuge connection ended",
            metadata: ["centrifuge.connection": "\(number)", "centrifuge.reason": "\(end)"])
        step { $0.ended(number, end, now: $1) }
    }
}
