import Foundation
import Moonwire
import PlatformSimulator
import SQLiteJournal
import Testing

/// The promise of broadcasts, against the built program: killed at random moments, with a platform that answers 429 and
/// 5xx and breaks off, everybody gets the message at most once, and the figures add up.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct BroadcastKillTests {
    /// `MOONWIRE_BROADCAST_RECIPIENTS=100000 MOONWIRE_BROADCAST_KILLS=20` is the long form.
    private static func number(_ name: String, _ fallback: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? fallback
    }

    private static let script = """
        local news = bot.broadcast("news", { channel = "desk" })
        news:audience { csv = "people.csv" }
        news:message(function(to) return "Hello number " .. to.number end)
        """

    private func record(_ host: HostProcess) async throws -> BroadcastRecord? {
        let reader = try JournalReader(path: host.folder.appendingPathComponent("host.journal").path)
        return try await reader.broadcast(.named("news", key: "1"))
    }

    @Test func killedAtRandomEverybodyGetsItAtMostOnceAndTheFiguresAddUp() async throws {
        let audience = Self.number("MOONWIRE_BROADCAST_RECIPIENTS", 400)
        let kills = Self.number("MOONWIRE_BROADCAST_KILLS", 4)
        let minutes = Double(max(audience / 10_000, 2))
        var configuration = PlatformSimulator.Configuration()
        configuration.faults.limits.messagesPerMinute = 0
        let simulator = try await PlatformSimulator.start(configuration)
        let control = simulator.control
        let people = try await control.bulkWrite(
            BulkOrder(messages: 0, sessions: audience, inbox: DemoWorld.bevatelInboxIdentifier))
        let host = try HostProcess(
            configuration: operatorConfiguration(
                simulator, extra: audience > 10_000 ? "broadcasts: { in_flight: 48 }" : ""), script: Self.script)
        var rows = "conversation;number\r\n"
        for (number, conversation) in people.conversations.enumerated() { rows += "\(conversation);\(number + 1)\r\n" }
        try host.write(rows, as: "people.csv")
        try host.start()
        try await wait("the host is connected") { control.subscriptions == 1 }
        simulator.faults.update { faults in
            let path = "/messages"
            faults.requests = [
                RequestFault(.throttled, probability: 0.05, path: path, method: "POST", retryAfter: 1),
                RequestFault(.failed, probability: 0.03, path: path, method: "POST", status: 502),
                RequestFault(.hangUp, probability: 0.03, path: path, method: "POST"),
                RequestFault(.refused, probability: 0.02, path: path, method: "POST"),
            ]
        }
        var begun = false
        try await wait("the host takes orders") {
            begun = try host.command("broadcast", "start", "news", "--key", "1").status == 0
            return begun
        }
        var done: Int64 = 0
        for kill in 1...kills {
            let goal = done + Int64.random(in: 1...Int64(max(audience / (kills + 1), 2)))
            try await wait("kill \(kill)", seconds: minutes * 60) {
                guard let record = try await record(host) else { return false }
                done = record.counts.ended
                return done >= goal || record.state == .finished
            }
            host.kill()
            try host.start()
        }
        try await wait("the end", seconds: minutes * 60) { try await record(host)?.state == .finished }
        simulator.faults.clear()
        try await wait("the host is up, so that it hears the signal") { control.subscriptions == 1 }
        #expect(host.stop() == 0, "\(host.log)")

        let counts = try #require(try await record(host)?.counts)
        let ids = Set(people.conversations)
        let received = await control.conversations().filter { ids.contains($0.id) }.map(\.outgoing)
        let reached = Int64(received.count { $0 > 0 })
        #expect(received.allSatisfy { $0 <= 1 }, "somebody got it twice")
        #expect(counts.sent <= reached)
        #expect(reached <= counts.sent + counts.unknown)
        #expect(counts.ended == Int64(audience) && counts.total == Int64(audience), "\(counts)")
        let output = try host.command("broadcast", "report", "news")
        #expect(output.text.split(separator: "\n").count == audience + 1)
        print("\(audience) recipients, \(kills) kills: \(counts), \(reached) reached")
        await simulator.stop()
    }
}
