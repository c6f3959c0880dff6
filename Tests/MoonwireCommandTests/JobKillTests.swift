import Foundation
import Moonwire
import PlatformSimulator
import SQLiteJournal
import Testing

/// The promise of jobs, against the built program: killed at random moments, no tick's message is sent twice, and each
/// due time is in the history once, with what became of it.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct JobKillTests {
    /// `MOONWIRE_JOB_KILLS=200` is the long form; `MOONWIRE_JOB_SEED` gives other moments.
    private static func number(_ name: String, _ fallback: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? fallback
    }

    /// The same numbers for the same seed.
    private struct Moments: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ (state >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        }
    }

    private static let jobs = ["each", "last", "none"]

    private static func script(_ conversation: Int) -> String {
        """
        local function job(name, options)
          bot.job(name, options, function(tick)
            local session = bot.channel("desk"):session("\(conversation)")
            for part = 1, 2 do
              pcall(function() session:reply(string.format("%s %d part %d", name, tick.scheduled_at * 1000, part)) end)
            end
          end)
        end
        job("each", { every = "1s", misfire = "catch_up" })
        job("last", { every = "1s", misfire = "run_once", overlap = "queue" })
        job("none", { every = "1s", misfire = "skip", grace = "1s", overlap = "allow" })
        """
    }

    @Test func killedAtRandomEachDueTimeIsDealtWithOnceAndNoMessageIsDoubled() async throws {
        let kills = Self.number("MOONWIRE_JOB_KILLS", 12)
        var moments = Moments(state: UInt64(Self.number("MOONWIRE_JOB_SEED", 7)))
        var configuration = PlatformSimulator.Configuration()
        configuration.faults.limits.messagesPerMinute = 0
        let simulator = try await PlatformSimulator.start(configuration)
        let control = simulator.control
        let session = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
        let conversation = try await control.openConversation(session)
        simulator.faults.update { faults in
            // Answers take their time, so that some deaths come while one is under way.
            faults.requests = [
                RequestFault(.slow, probability: 0.3, path: "/messages", method: "POST", milliseconds: 40)
            ]
        }
        let host = try HostProcess(
            configuration: operatorConfiguration(simulator), script: Self.script(conversation))
        let path = host.folder.appendingPathComponent("host.journal").path
        try host.start()
        try await wait("the jobs are known") {
            guard let jobs = try? await JournalReader(path: path).jobs() else { return false }
            return jobs.count == Self.jobs.count
        }
        for kill in 0..<kills {
            // Some deaths come while the host starts, some while it runs its jobs.
            if kill % 3 != 0 { try await wait("the host is connected") { control.subscriptions == 1 } }
            try await ContinuousClock().sleep(for: .milliseconds(Int.random(in: 0...500, using: &moments)))
            host.kill()
            try host.start()
        }
        try await wait("the host is up, so that it hears the signal") { control.subscriptions == 1 }
        let reader = try JournalReader(path: path)
        var calm = Instant(milliseconds: 0)
        try await wait("all that was due is over") {
            calm = HostClock.system.now
            return try await reader.openTicks().isEmpty
        }
        #expect(host.stop() == 0, "\(host.log)")

        let sent = try await control.messages(of: conversation).filter { $0.kind == .outgoing }.map {
            $0.content ?? ""
        }
        #expect(Set(sent).count == sent.count, "a message was sent twice: \(sent)")
        var wanted: Set<String> = []
        for name in Self.jobs {
            let ticks = try await JournalReader(path: path).ticks(
                of: name, from: Instant(milliseconds: 0), through: calm)
            let due = ticks.map(\.id.due.rawValue)
            let first = try #require(due.first)
            #expect(due == (0..<due.count).map { first + Int64($0) * 1000 }, "\(name) has a hole: \(due)")
            #expect(ticks.allSatisfy { $0.count == 1 && ($0.state == .ran || $0.state.isSkipped) }, "\(ticks)")
            if name == "each" { #expect(ticks.allSatisfy { $0.state != .missed }) }
            for tick in ticks where tick.state == .ran {
                for part in 1...2 { wanted.insert("\(name) \(tick.id.due.rawValue) part \(part)") }
            }
        }
        let came = Set(
            sent.filter { text in
                text.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { $0 <= calm.rawValue } == true
            })
        #expect(came.isSubset(of: wanted), "sent for a tick that did not run: \(came.subtracting(wanted))")
        // What was under way when the host died is listed, and nothing else is missing.
        let unknown = try host.unknownCount()
        #expect(wanted.subtracting(came).count <= unknown)
        print("\(kills) kills: \(came.count) messages of \(wanted.count), \(unknown) unknown")
        await simulator.stop()
    }
}
