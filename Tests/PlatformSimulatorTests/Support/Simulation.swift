import Foundation
import Synchronization

@testable import PlatformSimulator

/// A simulator that lives as long as a test, and a browser for it.
func withSimulator(
    _ configure: (inout PlatformSimulator.Configuration) -> Void = { _ in },
    _ body: (PlatformSimulator, Browser) async throws -> Void
) async throws {
    var configuration = PlatformSimulator.Configuration()
    // On a busy machine a ping would come between the frames that a test waits for.
    configuration.pingInterval = .seconds(600)
    configure(&configuration)
    let simulator = try await PlatformSimulator.start(configuration)
    do {
        try await body(simulator, Browser(port: simulator.port))
    } catch {
        await simulator.stop()
        throw error
    }
    await simulator.stop()
}

/// A clock that tests set.
final class SetClock: Sendable {
    private let value = Mutex(Date(timeIntervalSince1970: 1_777_709_123.411))

    var now: Date { value.withLock { $0 } }

    func advance(by seconds: TimeInterval) {
        value.withLock { $0 += seconds }
    }
}
