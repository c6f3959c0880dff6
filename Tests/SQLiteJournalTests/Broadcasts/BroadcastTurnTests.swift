import SQLiteJournal
import Synchronization
import Testing

@testable import Moonwire

/// Whose turn it is, on a clock that goes on when somebody waits for it.
struct BroadcastTurnTests {
    private let files: TemporaryJournal
    private let journal: SQLiteJournal
    private let desk: LedgerDesk

    init() throws {
        files = try TemporaryJournal()
        journal = try files.open()
        desk = LedgerDesk(journal: journal)
    }

    private static let shop = ChannelDescriptor(
        id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open", "reply"])

    private typealias Answer = @Sendable (EffectDelivery) -> Result<EffectReceipt, EffectFailure>

    /// Sends on a channel that takes everything, until enough has come of it.
    private func send(
        on channel: ChannelDescriptor? = shop, _ settings: BroadcastSettings = BroadcastSettings(),
        from start: Instant = LedgerDesk.start,
        answer: @escaping Answer = { .success(EffectReceipt(nativeID: $0.key)) },
        until isEnough: @escaping @Sendable () async throws -> Bool
    ) async throws {
        let now = Mutex(start)
        let timing = DeliveryTiming(
            clock: HostClock { now.withLock { $0 } },
            sleep: { duration in
                await Task.yield()
                try Task.checkCancellation()
                now.withLock { $0 = $0 + duration }
            }, random: { 0.5 })
        let runner = BroadcastRunner(
            BroadcastRunner.Ports(
                journal: journal, ledger: journal, timing: timing, settings: settings,
                channels: channel.map { [$0.id: $0] } ?? [:],
                deliver: { item in
                    guard channel != nil else { return false }
                    item.completion(answer(item.delivery))
                    return true
                }, admit: { _, _ in }, observer: .silent), loader: BroadcastCrashTests.NoScripts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await runner.run() }
            defer { group.cancelAll() }
            while try await !isEnough() { await Task.yield() }
        }
    }

    @Test func aSecondTurnBeginsAtItsOwnTime() async throws {
        let id = try await desk.begin(audience: 1)
        let desk = desk
        let intents = Mutex<[Instant]>([])
        let answer: Answer = { delivery in
            let turn = intents.withLock { intents in
                intents.append(delivery.intendedAt)
                return intents.count
            }
            return turn == 1
                ? .failure(EffectFailure(code: "rejected", message: "not now"))
                : .success(EffectReceipt(nativeID: "9"))
        }
        try await send(answer: answer) { try await desk.state(id) == .finished }
        let first = try #require(try await journal.recipients(of: id, in: .failed, after: 0, limit: 1).first?.claimedAt)
        try await desk.change(.retry(.id(id)))
        try await send(from: first + .seconds(3 * 86_400), answer: answer) { try await desk.state(id) == .finished }
        let second = try #require(try await journal.recipients(of: id, in: .sent, after: 0, limit: 1).first?.claimedAt)
        #expect(second - first >= .seconds(3 * 86_400))
        #expect(intents.withLock { $0 } == [first, second])
        await journal.close()
    }

    @Test func broadcastsTakeTurnsAtAThrottleThatTheyShare() async throws {
        var ids: [BroadcastID] = []
        for name in ["one", "two", "three"] { ids.append(try await desk.begin(LedgerDesk.plan(name), audience: 100)) }
        let (desk, all) = (desk, ids)
        let sent: @Sendable () async throws -> [Int64] = {
            var sent: [Int64] = []
            for id in all { sent.append(try await desk.counts(id).tried) }
            return sent
        }
        try await send(BroadcastSettings(throttle: SendRate(count: 4, period: .seconds(1)))) {
            try await sent().reduce(0, +) >= 60
        }
        let counts = try await sent()
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 4, "\(counts)")
        await journal.close()
    }

    @Test func aChannelThatIsNoLongerConfiguredPausesAndBurnsNobody() async throws {
        let id = try await desk.begin(audience: 30)
        let desk = desk
        try await send(on: nil) { try await desk.state(id) != .running }
        let record = try #require(try await journal.broadcast(.id(id)))
        #expect(record.state == .paused)
        #expect(record.counts.pending == 30)
        #expect(record.reason?.contains("no channel 'shop' is configured") == true, "\(record.reason ?? "")")
        try await desk.change(.steer(.id(id), .resume, reason: nil))
        try await send { try await desk.state(id) == .finished }
        #expect(try await desk.counts(id).sent == 30)
        await journal.close()
    }

    @Test(arguments: [
        ChannelDescriptor(id: "shop", platform: .hoory, role: .client, capabilities: ["open", "reply"]),
        ChannelDescriptor(id: "shop", platform: .chatwoot, role: .operator, capabilities: ["label"]),
    ]) func aChannelThatCanReachNobodyPausesAndBurnsNobody(channel: ChannelDescriptor) async throws {
        let id = try await desk.begin(audience: 30)
        let desk = desk
        try await send(on: channel) { try await desk.state(id) != .running }
        let record = try #require(try await journal.broadcast(.id(id)))
        #expect(record.state == .paused)
        #expect(record.counts.pending == 30)
        #expect(record.reason?.hasPrefix("channel 'shop': ") == true, "\(record.reason ?? "")")
        await journal.close()
    }
}
