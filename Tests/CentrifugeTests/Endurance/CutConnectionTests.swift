import EventJSON
import Testing

@testable import Centrifuge

/// 10,000 publications while the connection is cut 50 times: each is handled once and in order.
@Suite struct CutConnectionTests {
    private static let total = 10_000
    private static let cuts = 50

    @Test("History recovers everything", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func recovered(seed: UInt64) {
        let consumer = run(FakeServer(historySize: .max), seed: seed)
        #expect(consumer.firstFault == nil && consumer.handled.count == Self.total)
        #expect(consumer.recoveries >= 20 && consumer.rereads == 0)
    }

    @Test("History is short, so that some cuts recover and some do not", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func partlyRecovered(seed: UInt64) {
        let consumer = run(FakeServer(historySize: 40), seed: seed)
        #expect(consumer.firstFault == nil && consumer.handled.count == Self.total)
        #expect(consumer.recoveries > 0 && consumer.rereads > 0)
    }

    @Test("The stream begins anew now and then", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func newEpochs(seed: UInt64) {
        let consumer = run(FakeServer(historySize: 300), seed: seed, resets: true)
        #expect(consumer.firstFault == nil && consumer.handled.count == Self.total)
        #expect(consumer.recoveries > 0 && consumer.rereads > 0)
    }

    @Test("The channel has no history at all", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func neverRecovered(seed: UInt64) {
        let consumer = run(FakeServer(historySize: 0, isRecoverable: false), seed: seed)
        #expect(consumer.firstFault == nil && consumer.handled.count == Self.total)
        #expect(consumer.recoveries == 0 && consumer.rereads >= 20)
    }

    @Test("The consumer is so slow that connections are also given up for it", arguments: [1, 2, 3] as [UInt64])
    func slowConsumer(seed: UInt64) {
        var overflows = 0
        let consumer = run(
            FakeServer(historySize: .max), seed: seed, maxWaitingEvents: 200, patience: 30, overflows: &overflows)
        #expect(consumer.firstFault == nil && consumer.handled.count == Self.total)
        #expect(overflows > 10 && consumer.rereads == 0)
    }

    private func run(_ server: FakeServer, seed: UInt64, resets: Bool = false) -> FakeConsumer {
        var overflows = 0
        return run(server, seed: seed, resets: resets, maxWaitingEvents: 16_384, patience: 10, overflows: &overflows)
    }

    /// Publishes, delivers, cuts and consumes in a random order until all has been published and handled.
    private func run(
        _ server: FakeServer, seed: UInt64, resets: Bool = false, maxWaitingEvents: Int, patience: Int,
        overflows: inout Int
    ) -> FakeConsumer {
        var random = SeededRandom(seed)
        var server = server
        var consumer = FakeConsumer()
        var harness = MachineHarness { $0.maxWaitingEvents = maxWaitingEvents }
        var cutsAt = (0..<Self.cuts).map { _ in Int.random(in: 1..<Self.total, using: &random) }.sorted()
        /// What the server has sent on the present connection and the client has not read.
        var wire: [String] = []
        var connection = 0
        var isAnswered = false
        var steps = 0

        while consumer.handled.count < Self.total, steps < 1_000_000 {
            steps += 1
            if harness.machine.connection != connection || !harness.machine.isOpen {
                wire = []
                isAnswered = false
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0 where server.store.count < Self.total:
                let count = min(Int.random(in: 1...20, using: &random), Self.total - server.store.count)
                let frames = server.publish(count)
                if isAnswered { wire += frames }
            case 1:
                for _ in 0..<Int.random(in: 1...4, using: &random) where !wire.isEmpty {
                    let actions = harness.receive(wire.removeFirst())
                    if actions.contains(.note(.consumerBehind)) { overflows += 1 }
                }
            case 2 where Int.random(in: 0..<patience, using: &random) == 0:
                consumer.handle(harness.machine.takeEvents(), store: server.store)
            default:
                guard !harness.machine.isOpen, harness.machine.phase == .idle || harness.machine.nextDeadline != nil
                else { continue }
                let sent = harness.open()
                connection = harness.machine.connection
                wire = sent.commands.map { server.answer($0) }
                isAnswered = true
            }
            if let next = cutsAt.first, server.store.count >= next, harness.machine.isOpen {
                cutsAt.removeFirst()
                // Whatever was on its way is lost, the answer to connect included.
                _ = harness.close(1006)
                if resets, Int.random(in: 0..<5, using: &random) == 0 { server.reset() }
            }
        }
        #expect(cutsAt.isEmpty)
        return consumer
    }
}
