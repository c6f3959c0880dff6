import Foundation
import Moonwire
import MoonwireScripts
import PlatformSimulator
import Testing

/// The example of a job, against the simulator: it writes first, into a session that nobody wrote in.
struct WeeklyReportTests {
    private func script(room: Int, group: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(
            contentsOf: root.appendingPathComponent("examples/weekly_report.lua"), encoding: .utf8)
        return text.replacing(#"default = "1""#, with: #"default = "\#(room)""#)
            .replacing(#"default = "Support""#, with: #"default = "\#(group)""#)
    }

    @Test func theGroupIsToldOfTheWeekInASessionOfItsOwn() async throws {
        let harness = try await HostHarness()
        let room = try await harness.conversation()
        try await harness.run(try script(room: room, group: "billing"), channels: [harness.operatorChannel()]) {
            engine in
            let client = try await harness.conversation()
            try await wait("the new session has been counted") {
                harness.notices.all.contains("ended count started done")
            }
            let scheduler = try #require(engine.scheduler)
            try await wait("the job is known") { await !scheduler.jobs.isEmpty }
            _ = try await scheduler.trigger("weekly-report")
            try await wait("the report has been written") {
                harness.notices.all.contains { $0.hasPrefix("ended job:weekly-report") || $0.hasPrefix("failed") }
            }
            let report = try await harness.texts(room, .note).first ?? ""
            #expect(
                report.hasPrefix("The week until 20") && report.contains(": 1 sessions began, 0 were closed, "),
                "\(report) \(harness.notices.all)")
            #expect(try await harness.texts(client).isEmpty)
            let history = try await scheduler.history.ticks(
                of: "weekly-report", before: Instant(rawValue: .max), limit: 5)
            #expect(history.map(\.state) == [.ran] && history.map(\.origin) == [.manual])
        }
    }
}
