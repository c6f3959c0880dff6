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
            /// How often each was looked for.
            var searches: [String: Int] = [:]
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
                state.searches[delivery.key, default: 0] += 1
                // Half of the time the search finds nothing, as a list that is behind would.
                return state.delivered[phone] != nil && Bool.random(using: &state.generator)
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
    private func send(
        _ journal: SQLiteJournal, reading ledger: (any BroadcastLedger)? = nil, observer: EngineObserver = .silent,
        until isEnough: @escaping @Sendable () async throws -> Bool
    ) async throws {
        let timing = DeliveryTiming(
            clock: .system, sleep: { try await Task.sleep(for: min($0, .milliseconds(10))) }, random: { 0.5 })
        let queue = EffectQueue(
            channel: platform,
            policy: DeliveryPolicy(
                backOff: BackOff(first: .milliseconds(1), limit: .milliseconds(5)), requestLimit: .milliseconds(2)),
            timing: timing, recorded: { _, _ in [] })
        let runner = BroadcastRunner(
            BroadcastRunner.Ports(
                journal: journal, ledger: ledger ?? journal, timing: timing, settings: BroadcastSettings(),
                channels: [platform.descriptor.id: platform.descriptor],
                deliver: { item in
                    queue.enqueue(item)
                    return true
                }, admit: { _, _ in }, observer: observer), loader: NoScripts())
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

    @Test func onAFullDiskNoPageOfAFileIsSkipped() async throws {
        let journal = try files.open()
        let desk = LedgerDesk(journal: journal)
        let filler = String(repeating: "x", count: 200)
        let rows = (1...3000).map { "\(LedgerDesk.phone($0)),\(filler)\n" }.joined()
        let path = files.folder + "/people.csv"
        try Data(("phone,note\n" + rows).utf8).write(to: URL(fileURLWithPath: path))
        var plan = LedgerDesk.plan()
        plan.audience = .csv(path: path, options: CSVOptions())
        let answer = try await desk.change(.create(plan, key: "1", starts: false))
        let id = BroadcastID(rawValue: Int64(answer["id"]?.int ?? 0))
        try await journal.fill()
        let refusals = Mutex(0)
        let observer = EngineObserver { notice in
            if case .broadcastFailed(_, let error) = notice, (error as? JournalError)?.code == .full {
                refusals.withLock { $0 += 1 }
            }
        }
        // The disk is full for three pages in turn, then for none.
        try await send(journal, observer: observer) {
            // What was read is kept until there is room, so that the file need not be there any more.
            if refusals.withLock({ $0 }) >= 1 { try? FileManager.default.removeItem(atPath: path) }
            if refusals.withLock({ $0 }) >= 3 { try await journal.makeRoom() }
            return try await journal.broadcast(.id(id))?.isAudienceComplete == true
        }
        let record = try #require(try await journal.broadcast(.id(id)))
        #expect(refusals.withLock { $0 } >= 3)
        #expect(record.counts.pending == 3000)
        #expect((record.position, record.duplicates) == (3000, 0))
        await journal.close()
    }

    /// A ledger that cannot be read for a moment, in the middle of what an earlier process left claimed.
    private final class StumblingLedger: BroadcastLedger {
        private let journal: SQLiteJournal
        private let reads = Mutex(0)

        init(_ journal: SQLiteJournal) {
            self.journal = journal
        }

        func unfinishedBroadcasts() async throws(JournalError) -> [BroadcastRecord] {
            try await journal.unfinishedBroadcasts()
        }
        func broadcasts(named name: String?, limit: Int) async throws(JournalError) -> [BroadcastRecord] {
            try await journal.broadcasts(named: name, limit: limit)
        }
        func broadcast(_ target: BroadcastTarget) async throws(JournalError) -> BroadcastRecord? {
            try await journal.broadcast(target)
        }
        func audienceEnd(ofEvent key: String) async throws(JournalError) -> AudienceEnd? {
            try await journal.audienceEnd(ofEvent: key)
        }
        func untoldChanges(limit: Int) async throws(JournalError) -> [BroadcastChange] {
            try await journal.untoldChanges(limit: limit)
        }
        func dueRecipients(of id: BroadcastID, at now: Instant, limit: Int) async throws(JournalError) -> [Recipient] {
            try await journal.dueRecipients(of: id, at: now, limit: limit)
        }
        func forecast(
            of plan: BroadcastPlan, at now: Instant, folds: Bool
        ) throws(JournalError) -> any AudienceForecast {
            try journal.forecast(of: plan, at: now, folds: folds)
        }
        func nextDue(of id: BroadcastID) async throws(JournalError) -> Instant? { try await journal.nextDue(of: id) }
        func rejectedRecords(
            of id: BroadcastID, after: Int64, limit: Int
        ) async throws(JournalError) -> [RejectedRecord] {
            try await journal.rejectedRecords(of: id, after: after, limit: limit)
        }

        func recipients(
            of id: BroadcastID, in state: RecipientState?, after: Int64, limit: Int
        ) async throws(JournalError) -> [Recipient] {
            let read = reads.withLock { reads in
                reads += 1
                return reads
            }
            guard read != 2 else { throw JournalError(.other, "The journal stumbles.") }
            return try await journal.recipients(of: id, in: state, after: after, limit: limit)
        }
    }

    @Test func aReadThatFailsDuringRecoveryLeavesNobodyOutAndLooksForNobodyTwice() async throws {
        let journal = try files.open()
        let desk = LedgerDesk(journal: journal)
        let id = try await desk.begin(audience: 600)
        #expect(try await desk.claim(id, 1...600).numbers.count == 600)
        let failures = Mutex(0)
        let observer = EngineObserver { notice in
            if case .broadcastFailed = notice { failures.withLock { $0 += 1 } }
        }
        try await send(journal, reading: StumblingLedger(journal), observer: observer) {
            try await desk.state(id) == .finished
        }
        #expect(failures.withLock { $0 } == 1)
        let counts = try await desk.counts(id)
        #expect((counts.unknown, counts.total) == (600, 600))
        let searches = platform.state.withLock { $0.searches }
        #expect(searches.count == 600)
        #expect(searches.values.allSatisfy { $0 == 1 }, "\(searches.values.max() ?? 0)")
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
