import Centrifuge
import EventJSON
import Logging
import Moonwire
import Synchronization
import TwinAPI
import WebSocketClient

/// Keeps the live stream open and decodes what it brings. What ends the seat takes effect here, before any event that
/// was read earlier has been worked on.
final class TwinStreamReader: Sendable {
    private struct State {
        var used: TwinConnection?
        var isRefused = false
        var connectedAt: ContinuousClock.Instant?
        /// Of the connection before, on which recovered publications would have come.
        var connectedBefore: ContinuousClock.Instant?
        var lastEcho: ContinuousClock.Instant?
        var isReconnecting = false
    }

    /// An own sign-in may throw out the own stream for so long.
    private static let echoTime: Duration = .seconds(15)
    private static let echoPeriod: Duration = .seconds(3600)

    private let channel: TwinChannel
    private let clock: HostClock
    private let state = Mutex(State())
    private let repeats = Mutex(TwinRepeats())
    /// The client of this run, for its own provider.
    private let running = Mutex<CentrifugeClient?>(nil)

    init(channel: TwinChannel, clock: HostClock) {
        self.channel = channel
        self.clock = clock
    }

    /// Reads until the seat is left, or the stream is over for good.
    func run() async throws {
        let address = try await channel.patiently { try await self.channel.account.connection().url }
        var configuration = channel.settings.stream
        configuration.socket.url = address
        configuration.dataProvider = { [self] in try await connectData() }
        let client = CentrifugeClient(configuration: configuration, logger: channel.logger)
        running.withLock { $0 = client }
        defer { running.withLock { $0 = nil } }
        var ends = TwinStreamEnds(suspicion: channel.settings.refusalTime)
        let start = ContinuousClock.now
        while channel.seat.state.end == nil {
            let last = try await follow(client, &ends, start)
            try Task.checkCancellation()
            guard channel.seat.state.end == nil else { break }
            if state.withLock({ state in
                defer { state.isReconnecting = false }
                return state.isReconnecting
            }) {
                continue
            }
            switch ends.ended(code: last.map { Int($0.code) }, isTerminal: true, now: ContinuousClock.now - start) {
            case .reconnect, .renew: state.withLock { $0.isRefused = true }
            case .fail:
                await channel.account.fail(
                    "The live stream refuses new tokens (\(last.map { "\($0)" } ?? "no reason")).")
                try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
            case .stop: await channel.finish(.streamStopped, last.map { "\($0)" })
            }
        }
        channel.queue.push(.ended)
    }

    /// One life of the client. Answers why it gave up.
    private func follow(
        _ client: CentrifugeClient, _ ends: inout TwinStreamEnds, _ start: ContinuousClock.Instant
    ) async throws -> CentrifugeReason? {
        let life = Task { await client.run() }
        var last: CentrifugeReason?
        try await withTaskCancellationHandler {
            let parser = JSONParser()
            for await batch in client.events {
                last = try await read(batch, client, parser, &ends, start) ?? last
            }
            await life.value
        } onCancel: {
            life.cancel()
        }
        return last
    }

    private func read(
        _ batch: [CentrifugeEvent], _ client: CentrifugeClient, _ parser: JSONParser, _ ends: inout TwinStreamEnds,
        _ start: ContinuousClock.Instant
    ) async throws -> CentrifugeReason? {
        var last: CentrifugeReason?
        var events: [TwinEvent] = []
        let now = clock.now
        var isRecovering = false
        func flush() {
            guard !events.isEmpty else { return }
            channel.queue.push(.events(events, at: now))
            events = []
        }
        for (index, event) in batch.enumerated() {
            switch event {
            case .publication(let name, let publication):
                guard let decoded = decode(publication.data, parser) else { continue }
                guard repeats.withLock({ $0.isNew(decoded, in: name, now: ContinuousClock.now) }) else { continue }
                channel.seat.foresee(decoded)
                if decoded.isOfSeat, decoded.concerns(operator: channel.seat.me) {
                    guard await heed(decoded, isRecovered: isRecovering, client) else { continue }
                }
                events.append(decoded)
            case .connected:
                flush()
                ends.connected(now: ContinuousClock.now - start)
                state.withLock { state in
                    state.connectedBefore = state.connectedAt
                    state.connectedAt = ContinuousClock.now
                }
                // What was missed follows at once, in the same batch.
                isRecovering = Self.isRecovered(batch[index...])
                channel.queue.push(.connected(recovered: isRecovering))
            case .subscribed(let name, let subscription):
                if subscription.isStateLost {
                    flush()
                    channel.logger.notice("Publications were lost", metadata: ["stream": "\(name)"])
                    channel.queue.push(.stateLost(at: now))
                }
            case .connecting(let reason):
                flush()
                guard reason.code != 0 else { continue }
                _ = ends.ended(code: Int(reason.code), isTerminal: false, now: ContinuousClock.now - start)
                channel.queue.push(.disconnected("\(reason)"))
            case .disconnected(let reason):
                flush()
                last = reason
                channel.queue.push(.disconnected("\(reason)"))
            case .failure(let error) where error.code == .tooLarge:
                channel.logger.error(
                    "A message of the stream is too large; what it held is looked up. Raise the channel's 'message_size'",
                    metadata: ["error": "\(error)"])
            case .failure(let error):
                channel.logger.debug("The stream failed; trying again", metadata: ["error": "\(error)"])
            default: break
            }
        }
        flush()
        try await channel.queue.room()
        return last
    }

    /// Whether all channels of a connection go on where they were interrupted.
    private static func isRecovered(_ batch: ArraySlice<CentrifugeEvent>) -> Bool {
        let subscriptions = batch.compactMap { event in
            if case .subscribed(_, let subscription) = event { subscription } else { nil }
        }
        return !subscriptions.isEmpty && subscriptions.allSatisfy { $0.wasRecovering && $0.recovered }
    }

    private func decode(_ data: [UInt8], _ parser: JSONParser) -> TwinEvent? {
        do {
            return try TwinEvent(publication: data, parser: parser)
        } catch {
            channel.logger.error(
                "A publication cannot be read and is left out",
                metadata: ["bytes": "\(data.count)", "error": "\(error)"])
            return nil
        }
    }

    /// Acts on an event about the seat. `false` when it is only the echo of an own sign-in.
    ///
    /// - Parameter isRecovered: Whether it was published on an earlier connection.
    private func heed(_ event: TwinEvent, isRecovered: Bool, _ client: CentrifugeClient) async -> Bool {
        switch event.name {
        case .operatorBlocked: await channel.finish(.blocked)
        case .chatUserExists:
            guard !isEcho(isRecovered: isRecovered) else {
                // This connection was made with what the sign-in gave.
                guard !isRecovered else { return false }
                channel.logger.notice("An own sign-in ended the stream; connecting again")
                state.withLock { $0.isReconnecting = true }
                client.disconnect()
                return false
            }
            await channel.finish(.displaced)
        default:
            if channel.settings.onLogout == .reactivate {
                channel.seat.state.suspend(true)
                channel.queue.push(.reactivate)
                return true
            }
            if channel.settings.logoutHold > .zero {
                channel.seat.state.suspend(true)
                channel.queue.push(.loggedOut)
                return true
            }
            await channel.finish(.loggedOut)
        }
        client.disconnect()
        return true
    }

    private func isEcho(isRecovered: Bool) -> Bool {
        guard let login = channel.logins.lastLogin else { return false }
        return state.withLock { state in
            let now = ContinuousClock.now
            guard let connectedAt = isRecovered ? state.connectedBefore : state.connectedAt, connectedAt < login,
                now - login <= Self.echoTime,
                state.lastEcho.map({ now - $0 > Self.echoPeriod }) ?? true
            else { return false }
            state.lastEcho = now
            return true
        }
    }

    /// The connect data of the next attempt, with a token that no stream has refused.
    private func connectData() async throws -> [UInt8] {
        let isExpired = running.withLock { $0?.status.failure?.code } == UInt32(TwinStreamEnds.expiredCode)
        // Refused until another was had, however many attempts that takes.
        let refused = state.withLock { state in
            state.isRefused = state.isRefused || isExpired
            return state.isRefused ? state.used : nil
        }
        do {
            let account = channel.account
            let connection =
                if let refused { try await account.connection(after: refused) } else { try await account.connection() }
            state.withLock { state in
                state.used = connection
                state.isRefused = false
            }
            return Array(connection.data.exposed.utf8)
        } catch let error as TwinError where error.code == .authFailed || error.code == .stopped {
            throw CentrifugeError.unauthorized
        }
    }
}
