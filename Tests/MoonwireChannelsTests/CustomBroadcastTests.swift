import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Synchronization
import Testing

/// A broadcast to contacts of a custom channel, where what is in doubt is posted again.
@Suite struct CustomBroadcastTests {
    private static let script = """
        local news = bot.broadcast("news", { channel = "tienda" })
        news:audience(function() coroutine.yield { id = "u1" } end)
        news:message("Hola")
        """

    /// Never the same instant twice, so that two looks at the clock cannot be mistaken for one.
    private var timing: DeliveryTiming {
        let looks = Mutex<Int64>(0)
        return DeliveryTiming(
            clock: HostClock {
                HostClock.system.now
                    + .milliseconds(
                        looks.withLock { looks in
                            looks += 1
                            return looks
                        })
            }, sleep: { try await Task.sleep(for: $0) }, random: { 0.5 })
    }

    @Test func whatMayHaveArrivedBeforeAKillIsTheSameMessageWhenItIsPostedAgain() async throws {
        let harness = try await CustomHarness()
        try await harness.withJournalFile { path in
            await harness.platform.fail(CustomFault(milliseconds: 1500))
            try await harness.run(Self.script, journal: try SQLiteJournal(path: path), timing: timing) { host in
                let plan = try #require(await host.engine.broadcastPlans().first)
                _ = try await host.engine.changeBroadcasts(.create(plan, key: "1", starts: true))
                try await wait("the platform has it") { await harness.platform.posts().count == 1 }
            }
            let journal = try SQLiteJournal(path: path)
            try await harness.run(Self.script, journal: journal, timing: timing) { _ in
                try await wait("it came again") {
                    try await journal.broadcast(.named("news", key: "1"))?.state == .finished
                }
            }
            let posts = await harness.platform.posts()
            #expect(posts.count == 2)
            #expect(posts.first?.mID == posts.last?.mID)
            #expect(posts.first?.body == posts.last?.body)
        }
    }
}
