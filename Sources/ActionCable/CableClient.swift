public import Logging
import Synchronization
import WebSocketClient

/// An Action Cable client: one socket, many subscriptions, and the patience to keep them alive.
///
/// This target knows the frames of Action Cable, its liveness rules and its quirks. It does not know what the
/// channels are about: payloads pass through as bytes, and only their envelope is read.
///
/// ```swift
/// let client = CableClient(configuration: CableConfiguration(socket: socket), logger: logger)
/// let room = try client.subscribe(#"{"channel":"RoomChannel","pubsub_token":"…"}"#)
/// async let running: Void = client.run()
/// for await batch in room.events { … }
/// ```
///
/// All methods may be called from any thread.
public final class CableClient: Sendable {
    private let configuration: CableConfiguration
    private let logger: Logger
    private let time: ElapsedTime
    private let connectionWanted: Signal
    private let timeChanged: Signal
    private let core: Mutex<CableCore>

    /// Creates a client, which connects when it is run.
    public init(configuration: CableConfiguration, logger: Logger) {
        let connectionWanted = Signal()
        let timeChanged = Signal()
        self.configuration = configuration
        self.logger = logger
        self.time = ElapsedTime(configuration.clock)
        self.connectionWanted = connectionWanted
        self.timeChanged = timeChanged
        self.core = Mutex(
            CableCore(
                machine: CableMachine(timing: configuration.timing, random: configuration.random),
                connectionWanted: connectionWanted, timeChanged: timeChanged))
    }

    /// How the client is doing.
    public var status: CableStatus {
        let now = time.now()
        return core.withLock { core in
            let machine = core.machine
            let phase: CableStatus.Phase =
                switch machine.phase {
                case .idle: .idle
                case .connecting, .opened: .connecting
                case .live: machine.isDegraded ? .degraded : .live
                case .waiting: .waiting
                case .stopped: .stopped
                }
            let silence = machine.lastHeard == .zero ? nil : now - machine.lastHeard
            return CableStatus(
                phase: phase, attempts: machine.attempts, failure: machine.lastFailure, silence: silence)
        }
    }

    /// Connects, and goes on connecting, until the task is cancelled or the server asks not to come back.
    ///
    /// To be called once. When it returns, all subscriptions have ended.
    public func run() async {
        let now = time.now()
        core.withLock { core in
            core.run(core.machine.start(now: now))
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.keepTime() }
            group.addTask { await self.keepConnected() }
            // Only the second ends by itself, when the machine has stopped.
            await group.next()
            group.cancelAll()
        }
        core.withLock { core in
            core.run(core.machine.stop(reason: "The client was stopped."))
        }
    }

    /// Adds a subscription, at any time; it survives reconnects.
    ///
    /// The identifier is the JSON text that names channel and token. The same bytes are used for as long as the
    /// subscription lasts. Throws `CableError` when a subscription with this identifier exists, or after the end.
    public func subscribe(_ identifier: String) throws(CableError) -> CableSubscription {
        let queue = CableEventQueue(maxPending: configuration.maxWaitingFrames)
        let now = time.now()
        let result = core.withLock { core -> Result<SubscriptionID, CableError> in
            do throws(CableError) {
                let (id, actions) = try core.machine.subscribe(identifier, now: now)
                core.queues[id] = queue
                core.run(actions)
                return .success(id)
            } catch {
                return .failure(error)
            }
        }
        return CableSubscription(
            identifier: identifier, events: CableEvents(queue), id: try result.get(), client: self)
    }

    func unsubscribe(_ id: SubscriptionID) {
        let now = time.now()
        core.withLock { core in
            core.run(core.machine.unsubscribe(id, now: now))
        }
    }

    func replaceToken(_ id: SubscriptionID, _ identifier: String) throws(CableError) {
        let now = time.now()
        let result = core.withLock { core -> Result<Void, CableError> in
            do throws(CableError) {
                core.run(try core.machine.replaceToken(id, identifier, now: now))
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    func perform(_ id: SubscriptionID, _ data: String) {
        let isSent = core.withLock { core in
            guard let action = core.machine.perform(id, data: data) else { return false }
            core.run([action])
            return true
        }
        if !isSent { logger.debug("action dropped: the subscription is not live") }
    }
}

// MARK: - Time

extension CableClient {
    /// Calls the machine when something is due, and sleeps again when something is due earlier.
    private func keepTime() async {
        while !Task.isCancelled {
            let now = time.now()
            let deadline = core.withLock { core in
                core.run(core.machine.tick(now: now))
                core.armed = core.machine.nextDeadline
                return core.armed
            }
            guard let deadline else {
                await timeChanged.wait()
                continue
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.time.sleep(deadline) }
                group.addTask { await self.timeChanged.wait() }
                await group.next()
                group.cancelAll()
            }
        }
    }
}

// MARK: - Connections

extension CableClient {
    /// Serves the connections that the machine asks for, one after the other.
    private func keepConnected() async {
        while !Task.isCancelled {
            let (wanted, isStopped) = core.withLock { core in (core.takeWanted(), core.machine.isStopped) }
            if isStopped { return }
            guard let wanted else {
                await connectionWanted.wait()
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
        var socket: WebSocket?
        do {
            logger.debug("cable connecting", metadata: ["cable.connection": "\(number)"])
            let opened = try await WebSocket.connect(configuration.socket, logger: logger)
            socket = opened
            let now = time.now()
            guard core.withLock({ $0.adopt(opened, number, now: now) }) else {
                opened.abort()
                return
            }
            logger.debug(
                "cable connected",
                metadata: [
                    "cable.connection": "\(number)", "cable.subprotocol": "\(opened.negotiatedSubprotocol ?? "none")",
                ])
            for try await batch in opened.batches {
                await pass(batch, number)
            }
            let how = opened.closure.map { " (\($0))" } ?? ""
            end(number, CableFailure(reason: "The server closed the connection\(how)."))
        } catch let error as WebSocketError {
            end(number, CableFailure(error, wallClock: configuration.wallClock()))
        } catch {
            // The walk over the batches was cancelled: the machine has dropped the connection, or is about to.
            socket?.abort()
        }
    }

    /// Hands a batch to the machine, and waits while a consumer is too far behind.
    private func pass(_ batch: [WebSocketMessage], _ number: Int) async {
        let now = time.now()
        let full = core.withLock { core -> CableEventQueue? in
            guard let full = core.received(batch, number, now: now) else { return nil }
            core.machine.readerStalled(true, now: now)
            return full
        }
        guard let full else { return }
        logger.debug("a consumer of the cable is behind; reading has stopped")
        await full.drained()
        let later = time.now()
        core.withLock { core in
            core.machine.readerStalled(false, now: later)
            core.run([])
        }
    }

    private func end(_ number: Int, _ failure: CableFailure) {
        logger.debug(
            "cable connection ended", metadata: ["cable.connection": "\(number)", "cable.reason": "\(failure.reason)"])
        let now = time.now()
        core.withLock { core in
            core.run(core.machine.ended(number, failure, now: now))
        }
    }
}
