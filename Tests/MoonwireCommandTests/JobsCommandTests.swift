import EventJSON
import Foundation
import Testing

@testable import MoonwireCommand

/// `moonwire jobs` against the built host.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct JobsCommandTests {
    private static let script = """
        bot.job("weekly", { cron = "0 9 * * mon-fri", tz = "Asia/Riyadh" }, function(tick)
          bot.store:set("last", tick.scheduled_at)
        end)
        bot.job("often", { every = "15m" }, function(tick) error("nothing to do") end)
        """

    private func host() throws -> HostProcess {
        try HostProcess(
            configuration: "journal: { path: host.journal }\nlog: { level: error, format: json }\nscripts: [bot.lua]",
            script: Self.script)
    }

    private func started() async throws -> HostProcess {
        let host = try host()
        try host.start()
        try await wait("the host can be asked") { try host.command("scripts").status == 0 }
        try await wait("the jobs are known") { try host.command("jobs").text.contains("weekly") }
        return host
    }

    private func outcome(_ host: HostProcess, _ name: String) throws -> JSON? {
        try JSON(parsing: host.command("jobs", "history", name, "--json").text)["ticks"]?.elements.first?["outcome"]
    }

    @Test func jobsAreListedInWordsAlsoWhenNoHostRuns() async throws {
        let host = try await started()
        let listed = try host.command("jobs")
        #expect(listed.status == 0)
        #expect(listed.text.contains("weekly  every weekday at 09:00 Riyadh time\n  next in "), "\(listed.text)")
        #expect(listed.text.contains("often  every 15 minutes\n  next in "))
        #expect(!listed.text.contains("\u{1B}"))
        #expect(host.stop() == 0)
        #expect(try host.command("jobs").text.contains("weekly  every weekday at 09:00 Riyadh time"))
        let tree = try JSON(parsing: try host.command("jobs", "list", "--json").text)
        let names = tree["jobs"]?.elements.map { $0["name"]?.string }
        #expect(names == ["often", "weekly"])
        let asked = try host.command("jobs", "trigger", "weekly")
        #expect(asked.status == 1 && asked.errors.contains("no host is running"))
    }

    @Test func aPersonTriggersPausesAndResumes() async throws {
        let host = try await started()
        #expect(try host.command("jobs", "trigger", "weekly").status == 0)
        try await wait("the tick has run") { try outcome(host, "weekly") == "ran" }
        #expect(try host.command("jobs", "trigger", "often").status == 0)
        try await wait("the tick has failed") { try outcome(host, "often") == "failed" }
        let history = try host.command("jobs", "history", "often").text
        #expect(history.contains("bot.lua:4: nothing to do") && history.contains("triggered"), "\(history)")
        #expect(try host.command("jobs", "pause", "weekly").status == 0)
        try await wait("it is shown") { try host.command("jobs").text.contains("paused") }
        let resumed = try host.command("jobs", "resume", "weekly")
        #expect(resumed.status == 0 && resumed.text.contains("weekly goes on; next in "), "\(resumed.text)")
        let unknown = try host.command("jobs", "trigger", "wekly")
        #expect(unknown.status == 2 && unknown.errors.contains("did you mean 'weekly'?"), "\(unknown.errors)")
        #expect(try host.command("jobs", "history", "none").status == 2)
    }

    @Test func aBackFillCountsBeforeItRuns() async throws {
        let host = try await started()
        let counted = try host.command("jobs", "back-fill", "often", "--from", "60m")
        #expect(counted.status == 2 && counted.errors.contains("often: 4 ticks did not run"), "\(counted.errors)")
        #expect(try outcome(host, "often") == nil)
        let filled = try host.command("jobs", "back-fill", "often", "--from", "60m", "--yes")
        #expect(filled.status == 0 && filled.text.contains("often: 4 ticks run now"), "\(filled.text)")
        try await wait("all have run") {
            let ticks = try JSON(parsing: try host.command("jobs", "history", "often", "--json").text)["ticks"]?
                .elements
            return ticks?.count { $0["outcome"] == "failed" && $0["origin"] == "back_fill" } == 4
        }
        #expect(
            try host.command("jobs", "back-fill", "often", "--from", "60m", "--yes").text.contains("every due time"))
    }

    @Test func checkTellsJobsInWordsAndNamesClashes() throws {
        let host = try host()
        let fine = try host.command("check")
        #expect(fine.status == 0)
        #expect(fine.text.contains("job     weekly: every weekday at 09:00 Riyadh time, next in "), "\(fine.text)")
        try host.write("bot.job('weekly', { every = '1h' }, print)", as: "second.lua")
        let configuration = host.folder.appendingPathComponent("moonwire.yaml")
        let text = try String(contentsOf: configuration, encoding: .utf8)
        try text.replacing("[bot.lua]", with: "[bot.lua, second.lua]")
            .write(to: configuration, atomically: true, encoding: .utf8)
        let clash = try host.command("check")
        #expect(clash.status == 2)
        #expect(
            clash.text.contains("job 'weekly' is declared by script 'bot' already, at bot.lua:1 (second.lua:1)"),
            "\(clash.text)")
    }
}
