import EventJSON
import SQLiteJournal
import Synchronization
import Testing

@testable import Moonwire

/// What people look at before anything is sent.
struct BroadcastPreviewTests {
    private final class Sent: Sendable {
        let effects = Mutex<[ChannelEffect]>([])
    }

    private let files: TemporaryJournal
    private let journal: SQLiteJournal
    private let desk: LedgerDesk
    private let sent = Sent()

    init() throws {
        files = try TemporaryJournal()
        journal = try files.open()
        desk = LedgerDesk(journal: journal)
    }

    private var runner: BroadcastRunner {
        let channel = ChannelDescriptor(id: "shop", platform: .chatwoot, role: .operator, capabilities: ["open"])
        let sent = sent
        return BroadcastRunner(
            BroadcastRunner.Ports(
                journal: journal, ledger: journal,
                timing: DeliveryTiming(clock: .system, sleep: { _ in }, random: { 0 }),
                settings: BroadcastSettings(), channels: [channel.id: channel],
                deliver: { item in
                    sent.effects.withLock { $0.append(item.delivery.effect) }
                    item.completion(.success(EffectReceipt(nativeID: "7")))
                    return true
                }, admit: { _, _ in }, observer: .silent), loader: BroadcastCrashTests.NoScripts())
    }

    @Test func theMessageIsTheOneThatTheScriptHasNow() async throws {
        _ = try await desk.begin(audience: 3)
        var edited = LedgerDesk.plan()
        edited.message = .template("Dear {name}")
        let preview = try await runner.preview(edited, key: nil, limit: 2)
        #expect(preview.messages.map(\.text) == ["Dear n1", "Dear n2"])
        #expect(preview.unwritable == 0)
        await journal.close()
    }

    @Test func whatIsLoadedForAPreviewIsNotDroppedByABroadcastThatEnds() async throws {
        let runner = runner
        let plan = LedgerDesk.plan()
        try await runner.desk.prepare(plan)
        await runner.desk.keep(versions: [])
        let written = try await runner.desk.write(plan, to: [AudienceRow(["name": "Ann"])], now: LedgerDesk.start)
        #expect(try written.map { try $0.get().text } == ["Hi Ann"])
        await journal.close()
    }

    @Test func aTestForNobodyIsNotSent() async throws {
        let runner = runner
        let error = await #expect(throws: BroadcastProblem.self) {
            try await runner.test(LedgerDesk.plan(), to: AudienceRow(["name": "X"]))
        }
        #expect(error?.description.hasPrefix("names nobody") == true)
        #expect(sent.effects.withLock { $0.isEmpty })
        #expect(try await runner.test(LedgerDesk.plan(), to: AudienceRow(["name": "X", "phone": "+15550001"])) == "7")
        await journal.close()
    }
}
