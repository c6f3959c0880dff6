import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing
import TwinAPI

struct TwinStormTests {
    /// `MOONWIRE_STORM=10000` for the full number.
    private static let messages = ProcessInfo.processInfo.environment["MOONWIRE_STORM"].flatMap(Int.init) ?? 1500
    private static let cuts = 50

    @Test(arguments: [true, false])
    func publicationsThroughFiftyCutsAreHandledOnceAndInOrder(isRecoverable: Bool) async throws {
        let harness = try await TwinHarness {
            $0.faults.centrifuge.recoverable = isRecoverable
            $0.faults.centrifuge.historySize = 20_000
            $0.faults.centrifuge.recoveryLimit = 20_000
        }
        try await harness.run(TwinHarness.echo) {
            var sessions: [String] = []
            for _ in 0..<10 { sessions.append(try await harness.session()) }
            var random = SystemRandomNumberGenerator()
            var cuts = Set<Int>()
            while cuts.count < Self.cuts { cuts.insert(Int.random(in: 1..<Self.messages, using: &random)) }
            var done = 0
            for number in 0..<Self.messages {
                if cuts.contains(number) {
                    // A cut counts when there is something to cut.
                    try await wait("a new stream is open") { harness.twin.counters.admissions > done }
                    harness.twin.streams(.kill)
                    done += 1
                }
                try await harness.twin.writeAsClient("\(number)", session: sessions[number % sessions.count])
            }
            try await wait("all are answered", seconds: 300) {
                harness.twin.counters.operatorMessages >= Self.messages
            }
            for (index, id) in sessions.enumerated() {
                let said = try await harness.said(id)
                #expect(said == stride(from: index, to: Self.messages, by: sessions.count).map { "re \($0)" })
            }
            #expect(harness.twin.counters.admissions >= Self.cuts)
            #expect(harness.count("message.created") == Self.messages)
        }
        await harness.simulator.stop()
    }

    @Test func aTokenThatEndsAmidTrafficAndIsRenewedAtTheThirdTryLosesNothing() async throws {
        let harness = try await TwinHarness()
        var tokens = TwinTokenPolicy()
        tokens.firstRetry = .milliseconds(50)
        tokens.lastRetry = .milliseconds(200)
        try await harness.run(TwinHarness.echo, harness.channel(tokens: tokens)) {
            var sessions: [String] = []
            for _ in 0..<10 { sessions.append(try await harness.session()) }
            for number in 0..<300 {
                if number == 100 {
                    harness.simulator.faults.update {
                        $0.requests = [RequestFault(.failed, next: 2, path: "/auth/refresh", method: "POST")]
                    }
                    await harness.twin.expireTokens(closesStreams: true)
                }
                try await harness.twin.writeAsClient("\(number)", session: sessions[number % 10])
            }
            try await wait("all are answered", seconds: 60) { harness.twin.counters.operatorMessages >= 300 }
            for (index, id) in sessions.enumerated() {
                let said = try await harness.said(id)
                #expect(said == stride(from: index, to: 300, by: 10).map { "re \($0)" })
            }
            #expect(harness.twin.counters.refreshes == 1, "one renewal, after two that failed")
            #expect(harness.twin.counters.logins == 1)
            for command in harness.twin.commands {
                guard let start = command.text.range(of: #""token":""#) else { continue }
                let token = command.text[start.upperBound...].prefix { $0 != "\"" }
                #expect(!token.isEmpty && !harness.log.text.contains(token))
            }
            #expect(!harness.log.text.contains(TwinDemoWorld.operatorPassword))
        }
        await harness.simulator.stop()
    }
}
