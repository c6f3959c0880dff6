import Logging
import Moonwire
import Synchronization
import TwinAPI

/// Tells the platform what the seat is to be, after each connect, for the platform may have changed it meanwhile, and
/// when nothing has been heard for long.
///
/// Works beside the stream: however long the platform takes, or refuses, events are handled.
final class TwinStatusReport: Sendable {
    /// How long after a refusal that time alone does not heal it is asked again.
    private static let refusalInterval: Duration = .seconds(600)

    private let channel: TwinChannel
    private let wishes: AsyncStream<Void>
    private let wish: AsyncStream<Void>.Continuation
    /// Whether it is to be told anew, so that no wait is too long for that.
    private let isWished = Mutex(false)

    init(channel: TwinChannel) {
        self.channel = channel
        (wishes, wish) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Has the status told, soon.
    func show() {
        isWished.withLock { $0 = true }
        wish.yield()
    }

    /// Tells until cancelled.
    func run() async throws {
        // What was wished between two attempts has been told with the second.
        for await _ in wishes where isWished.withLock({ $0 }) { try await tell() }
        try Task.checkCancellation()
    }

    private func tell() async throws {
        let backOff = BackOff(first: .seconds(1), limit: .seconds(60))
        var attempt = 0
        var said: String?
        while channel.seat.state.end == nil {
            isWished.withLock { $0 = false }
            do {
                try await channel.seat.show()
                return
            } catch let error as TwinError {
                try Task.checkCancellation()
                // The same words once.
                let level: Logger.Level = said == error.message ? .debug : .error
                said = error.message
                channel.logger.log(
                    level: level, "The operator's status could not be set", metadata: ["error": "\(error)"])
                attempt += 1
                let wait = backOff.wait(after: attempt, random: Double.random(in: 0..<1))
                try await rest(
                    error.retryable ? max(wait, min(error.retryAfter ?? .zero, .seconds(600))) : Self.refusalInterval)
            }
        }
    }

    private func rest(_ time: Duration) async throws {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end, !isWished.withLock({ $0 }) {
            try await Task.sleep(for: min(.seconds(1), end - ContinuousClock.now))
        }
    }
}
