import EventJSON
import SQLiteJournal
import Synchronization
import Testing

@testable import Moonwire

/// An audience that is the platform's own list of clients.
struct ClientAudienceTests {
    /// Lists its clients by pages of four, and writes down which pages were asked for.
    final class Directory: Channel {
        struct State {
            var asked: [String] = []
            var refuses: String?
            var isStopped = false
        }

        let descriptor = ChannelDescriptor(
            id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open", "clients"])
        let state = Mutex(State())
        static let pages = 6

        func run(_ context: ChannelContext) async throws {}

        func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
            guard case .clients(let query, let cursor) = delivery.effect else {
                throw ChannelError(code: "invalid", message: "no list", fate: .notPerformed, retryable: false)
            }
            let page = cursor.flatMap { Int($0) } ?? 0
            let refusal = state.withLock { state in
                state.asked.append("\(query.labels.joined())\(page)")
                return state.refuses
            }
            if let refusal, page == 3 {
                throw ChannelError(code: "forbidden", message: refusal, fate: .notPerformed, retryable: false)
            }
            // The third page is empty, as one of clients who are all filtered out.
            let clients =
                page == 2 ? [] : (0..<4).map { Client(id: String(page * 4 + $0), name: "Client \(page * 4 + $0)") }
            return EffectReceipt(
                value: ListPage.encode(clients, next: page + 1 < Self.pages ? String(page + 1) : nil))
        }

        func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation { .undecided("") }
    }

    private let files: TemporaryJournal
    private let directory = Directory()

    init() throws {
        files = try TemporaryJournal()
    }

    private static var plan: BroadcastPlan {
        var plan = LedgerDesk.plan()
        plan.audience = .clients(labels: ["vip"], text: nil)
        return plan
    }

    private func begin(_ journal: SQLiteJournal) async throws -> BroadcastID {
        let answer = try await LedgerDesk(journal: journal).change(.create(Self.plan, key: "1", starts: true))
        return BroadcastID(rawValue: Int64(try #require(answer["id"]?.int)))
    }

    private func run(_ journal: SQLiteJournal, until isEnough: @escaping @Sendable () async throws -> Bool) async throws
    {
        let timing = DeliveryTiming(clock: .system, sleep: { _ in await Task.yield() }, random: { 0.5 })
        let queue = EffectQueue(channel: directory, policy: DeliveryPolicy(), timing: timing, recorded: { _, _ in [] })
        let runner = BroadcastRunner(
            BroadcastRunner.Ports(
                journal: journal, ledger: journal, timing: timing, settings: BroadcastSettings(),
                channels: [directory.descriptor.id: directory.descriptor],
                deliver: { item in
                    queue.enqueue(item)
                    return true
                }, admit: { _, _ in }, observer: .silent), loader: BroadcastCrashTests.NoScripts())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await queue.run() }
            group.addTask { await runner.run() }
            defer { group.cancelAll() }
            while try await !isEnough() { await Task.yield() }
        }
    }

    @Test func theListIsReadToItsEndAcrossRestarts() async throws {
        var journal = try files.open()
        let id = try await begin(journal)
        for page in 1..<Directory.pages {
            let open = journal
            try await run(open) { try await open.broadcast(.id(id))?.cursor.flatMap { Int($0) } ?? 9 >= page }
            await journal.close()
            journal = try files.open()
        }
        let last = journal
        try await run(last) { try await last.broadcast(.id(id))?.isAudienceComplete == true }
        let record = try #require(try await journal.broadcast(.id(id)))
        #expect(record.counts.pending == 20)
        #expect(record.duplicates == 0)
        let rows = try await journal.recipients(of: id, in: nil, after: 0, limit: 100)
        #expect(
            rows.map(\.address)
                == [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23].map { "shop/id:\($0)" })
        #expect(directory.state.withLock { Set($0.asked) } == Set((0..<Directory.pages).map { "vip\($0)" }))
        await journal.close()
    }

    @Test func aListThatThePlatformRefusesPausesAndResumesWhereItStood() async throws {
        let journal = try files.open()
        let id = try await begin(journal)
        directory.state.withLock { $0.refuses = "the token may not list contacts" }
        try await run(journal) { try await journal.broadcast(.id(id))?.state == .paused }
        let paused = try #require(try await journal.broadcast(.id(id)))
        #expect(
            paused.reason == "the clients of channel 'shop' cannot be listed: the token may not list contacts")
        #expect(paused.counts.pending == 8)
        directory.state.withLock { state in
            state.refuses = nil
            state.asked = []
        }
        try await LedgerDesk(journal: journal).change(.steer(.id(id), .resume, reason: nil))
        try await run(journal) { try await journal.broadcast(.id(id))?.isAudienceComplete == true }
        #expect(directory.state.withLock { $0.asked } == ["vip3", "vip4", "vip5"])
        #expect(try await journal.broadcast(.id(id))?.counts.total == 20)
        await journal.close()
    }
}
