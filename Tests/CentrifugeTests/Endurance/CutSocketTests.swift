import EventJSON
import Synchronization
import Testing
import WebSocketTestSupport

@testable import Centrifuge

/// The same over real sockets, with the whole client.
@Suite(.timeLimit(.minutes(2))) struct CutSocketTests {
    private static let total = 10_000

    private struct Plan: Sendable {
        var server: FakeServer
        var random: SeededRandom
        var cutsAt: [Int]
    }

    @Test(
        "10,000 publications over a socket that is cut 50 times are handled once and in order",
        arguments: [(Int.max, true), (60, true), (0, false)])
    func cut(historySize: Int, isRecoverable: Bool) async throws {
        var random = SeededRandom(42)
        let cuts = (0..<50).map { _ in Int.random(in: 1..<Self.total, using: &random) }.sorted()
        let plan = Mutex(
            Plan(
                server: FakeServer(historySize: historySize, isRecoverable: isRecoverable), random: random,
                cutsAt: cuts))
        let consumer = try await ScriptedServer.run { peer, _ in
            let command = try await peer.readConnect()
            // Some of it is published while nobody is connected.
            try await peer.send(
                plan.withLock { plan in
                    let missed = Int.random(in: 0...100, using: &plan.random)
                    _ = plan.server.publish(min(missed, Self.total - plan.server.store.count))
                    return plan.server.answer(command)
                })
            while true {
                let (frames, isCut) = plan.withLock { plan in
                    let left = Self.total - plan.server.store.count
                    let frames = plan.server.publish(min(Int.random(in: 1...40, using: &plan.random), left))
                    guard let next = plan.cutsAt.first, plan.server.store.count >= next else { return (frames, false) }
                    plan.cutsAt.removeFirst()
                    return (frames, true)
                }
                for frame in frames { try await peer.send(frame) }
                if isCut { return }
                if frames.isEmpty { break }
            }
            try await peer.waitForEnd()
        } body: { port in
            let client = ClientLaboratory.client(port: port) { configuration in
                configuration.timing.minRetryDelay = .milliseconds(1)
                configuration.timing.maxRetryDelay = .milliseconds(2)
            }
            async let running: Void = client.run()
            var consumer = FakeConsumer()
            for await batch in client.events {
                consumer.handle(batch, store: plan.withLock { $0.server.store })
                if consumer.handled.count >= Self.total { break }
            }
            client.disconnect()
            await running
            return consumer
        }
        #expect(consumer.firstFault == nil && consumer.handled.count == Self.total)
        #expect(plan.withLock { $0.cutsAt }.isEmpty)
        if historySize == .max { #expect(consumer.rereads == 0) }
    }
}
