import EventJSON
import Foundation
import SQLiteJournal
import Synchronization
import Testing

@testable import Moonwire

/// A sender that is cut off at random moments, against a platform that refuses, breaks and keeps silent at random.
struct BroadcastCrashTests {
    /// A desk that counts what reaches whom.
    final class Platform: Channel {
        struct State {
            var delivered: [String: [String]] = [:]
            var generator = SystemRandomNumberGenerator()
            var isDown = false
        }

        let descriptor = ChannelDescriptor(id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open"])
        let state = Mutex(State())

        func run(_ context: ChannelContext) async throws {}

        func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
            guard case .open(let opening) = delivery.effect, case .person(_, let phone?, _, _) = opening.recipient
            else {
                throw ChannelError(code: "invalid", message: "no person", fate: .notPerformed, retryable: false)
            }
            let luck = state.withLock { Int.random(in: 0..<100, using: &$0.generator) }
            func arrive() { state.withLock { $0.delivered[phone, default: []].append(delivery.key) } }
            switch luck {
            case 0..<8:
                throw ChannelError(
                    code: "busy", message: "429", fate: .notPerformed, retryable: true, retryAfter: .milliseconds(5))
            case 8..<12:
                throw ChannelError(code: "server", message: "502", fate: .inDoubt, retryable: true)
            case 12..<16:
                arrive()
                throw ChannelError(code: "timeout", message: "timed out", fate: .inDoubt, retryable: true)
            case 16..<18:
                throw ChannelError(code: "rejected", message: "422", fate: .notPerformed, retryable: false)
            default:
                await Task.yield()
                arrive()
                return EffectReceipt(nativeID: phone)
            }
        }

        func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
            guard case .open(let opening) = delivery.effect, case .person(_, let phone?, _, _) = opening.recipient
            else {
                return .undecided("no person")
            }
            return state.withLock { state in
                // Half of the time the search finds nothing, as a list that is behind would.
                state.delivered[phone] != nil && Bool.random(using: &state.generator)
                    ? .performed(EffectReceipt(nativeID: phone)) : .undecided("nothing found")
            }
        }
    }

    struct NoScripts: ScriptLoader {
        func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
            throw ScriptFailure(kind: .killed, message: "there are no scripts here")
        }
    }

    private let files: TemporaryJournal
    private let platform = Platform()

    init() throws {
        files = try TemporaryJournal()
    }

    /// Sends until it is cut off: what was claimed stays claimed, as after `kill -9`.
    private func send(_ journal: SQLiteJournal, until isEnough: @escaping @Sendable () async throws -> Bool)
        async throws
    {
        let timing = DeliveryTiming(
            clock: .system, sleep: { try await Task.sleep(for: min($0, .milliseconds(10))) }, random: { 0.5 })
        let queue = EffectQueue(
            channel: platform,
            policy: DeliveryPolicy(
                backOff: BackOff(first: .milliseconds(1), limit: .milliseconds(5)), requestLimit: .milliseconds(2)),
            timing: timing, recorded: { _, _ in [] })
        let runner = BroadcastRunner(
            BroadcastRunner.Ports(
                journal: journal, ledger: journal, timing: timing, settings: BroadcastSettings(),
                channels: [platform.descriptor.id: platform.descriptor],
                deliver: { item in
                    queue.enqueue(item)
                    return true
                }, admit: { _ in }, observer: .silent), loader: NoScripts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            group.addTask { await runner.run() }
            defer { group.cancelAll() }
            while try await !isEnough() { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    @Test func cutOffAtRandomMomentsEachGetsItOnceAtMostAndTheSumHolds() async throws {
        let audience = 2000
        var journal = try files.open()
        var desk = LedgerDesk(journal: journal)
        let id = try await desk.begin(audience: audience)
        for _ in 0..<12 {
            let goal = platform.state.withLock { $0.delivered.count } + Int.random(in: 20...150)
            let platform = platform
            try await send(journal) { platform.state.withLock { $0.delivered.count } >= min(goal, audience / 2) }
            await journal.close()
            journal = try files.open()
            desk = LedgerDesk(journal: journal)
        }
        let last = desk
        try await send(journal) { try await last.state(id) == .finished }
        let counts = try await desk.counts(id)
        let delivered = platform.state.withLock { $0.delivered }
        #expect(delivered.values.allSatisfy { $0.count == 1 }, "\(delivered.filter { $0.value.count > 1 })")
        #expect(counts.sent <= delivered.count)
        #expect(delivered.count <= Int(counts.sent + counts.unknown))
        #expect(counts.ended == Int64(audience))
        #expect(counts.sent > 1000, "\(counts)")
        await journal.close()
    }

    @Test func messagesThatCannotBeWrittenFailAndTooManyOfThemPauseIt() async throws {
        let journal = try files.open()
        let desk = LedgerDesk(journal: journal)
        var plan = LedgerDesk.plan()
        plan.message = .template("Hi {nickname}")
        plan.stop.errors = 0.5
        let id = try await desk.begin(plan, audience: 40)
        try await send(journal) { try await desk.state(id) == .paused }
        let record = try #require(try await journal.broadcast(.id(id)))
        #expect(record.reason?.hasPrefix("stop_if:") == true)
        #expect(record.counts.failed >= 20)
        let failed = try await journal.recipients(of: id, in: .failed, after: 0, limit: 1)
        #expect(failed.first?.reason == "message: there is no 'nickname'")
        #expect(platform.state.withLock { $0.delivered }.isEmpty)
        await journal.close()
    }

    @Test func aFileIsReadIntoTheLedgerAndGoesOnWhereACrashCutItOff() async throws {
        var journal = try files.open()
        var desk = LedgerDesk(journal: journal)
        let rows = (1...2500).map { "\(LedgerDesk.phone($0));n\($0)\n" }.joined()
        let path = files.folder + "/people.csv"
        try Data(("phone;name\n" + rows + "nobody;x\n").utf8).write(to: URL(fileURLWithPath: path))
        var plan = LedgerDesk.plan()
        plan.audience = .csv(path: path, options: CSVOptions())
        let answer = try await desk.change(.create(plan, key: "1", starts: false))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        let first = desk
        try await send(journal) { try await first.counts(id).pending > 0 }
        await journal.close()
        journal = try files.open()
        desk = LedgerDesk(journal: journal)
        let second = desk
        try await send(journal) { try await second.journal.broadcast(.id(id))?.isAudienceComplete == true }
        let record = try #require(try await journal.broadcast(.id(id)))
        #expect(record.counts.pending == 2500)
        #expect(record.position == 2501)
        #expect(record.rejected == 1)
        #expect(record.duplicates == 0)
        #expect(record.state == .draft)
        #expect(platform.state.withLock { $0.delivered }.isEmpty)
        await journal.close()
    }

    @Test func whoIsAsleepIsLeftForLater() async throws {
        let journal = try files.open()
        let desk = LedgerDesk(journal: journal)
        var plan = LedgerDesk.plan()
        let minute = Int(HostClock.system.now.rawValue / 60_000 % 1440)
        plan.quiet = QuietHours(start: (minute + 1380) % 1440, end: (minute + 60) % 1440, zone: "UTC")
        let id = try await desk.begin(plan, audience: 10)
        try await send(journal) { try await journal.nextDue(of: id).map { $0 > HostClock.system.now } ?? false }
        #expect(try await desk.counts(id).pending == 10)
        #expect(platform.state.withLock { $0.delivered }.isEmpty)
        await journal.close()
    }
}
