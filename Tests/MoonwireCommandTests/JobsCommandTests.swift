import EventJSON
import Foundation
import Moonwire
import SQLiteJournal
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
        let forgotten = try host.command("jobs", "back-fill", "often", "--from", "31d", "--yes")
        #expect(forgotten.status == 2 && forgotten.errors.contains("may have run, and would run again"))
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

    @Test func checkTellsTheDueTimeThatTheJournalHolds() async throws {
        let host = try await started()
        #expect(try host.command("jobs", "pause", "often").status == 0)
        try await wait("it is paused") {
            try host.command("check").text.contains("often: every 15 minutes, paused (bot")
        }
        let stored = try await JournalReader(path: host.folder.appendingPathComponent("host.journal").path).jobs()
        let due = try #require(stored.first { $0.name == "weekly" }?.nextDue).iso8601
        #expect(host.stop() == 0)
        let jobs = try JSON(parsing: try host.command("check", "--json").text)["jobs"]?.elements
        let weekly = jobs?.first { $0["name"] == "weekly" }
        #expect(weekly?["next"]?.string == due && weekly?["next_is_stored"]?.bool == true)
        #expect(jobs?.first { $0["name"] == "often" }?["is_paused"]?.bool == true)
        let lines = try host.command("check").text.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("job     weekly: ") && $0.hasSuffix(") (bot, bot.lua:1)") }, "\(lines)")
        // Another schedule is not the one that the journal has a time for.
        try host.write("bot.job('weekly', { cron = '0 7 * * *', tz = 'Asia/Riyadh' }, print)")
        #expect(try host.command("check").text.contains("), counted from now (bot, bot.lua:1)"))
        let files = try FileManager.default.contentsOfDirectory(atPath: host.folder.path)
        #expect(files.filter { $0.hasPrefix("host.journal-") }.isEmpty, "a check opened the journal to write: \(files)")
    }

    @Test(arguments: [
        ("yes\n", true), ("Y\n", true), ("\n", false), ("no\n", false), ("\u{4}", false),
    ])
    func aBackFillAsksWhoeverSitsAtTheTerminal(typed: String, runs: Bool) async throws {
        let host = try await started()
        let terminal = try PseudoTerminal()
        let process = try HostProcess.make(
            ["jobs", "back-fill", "often", "--from", "60m", "--config"]
                + [host.folder.appendingPathComponent("moonwire.yaml").path])
        let shown = try terminal.run(process, typing: typed, at: "Run them now? [y/N] ")
        #expect(shown.status == 0)
        #expect(shown.text.contains("often: 4 ticks did not run, due "), "\(shown.text)")
        #expect(shown.text.contains("often: 4 ticks run now") == runs, "\(shown.text)")
        #expect(shown.text.contains("nothing is run\r\n") == !runs, "\(shown.text)")
        let history = try JSON(parsing: host.command("jobs", "history", "often", "--json").text)["ticks"]?.elements
        #expect(history?.contains { $0["origin"] == "back_fill" } == runs)
    }

    @Test func checkTellsJobsInWordsAndNamesClashes() throws {
        let host = try host()
        let fine = try host.command("check")
        #expect(fine.status == 0)
        #expect(fine.text.contains("job     weekly: every weekday at 09:00 Riyadh time, next in "), "\(fine.text)")
        #expect(fine.text.contains("), counted from now (bot, bot.lua:1)"), "\(fine.text)")
        let files = try FileManager.default.contentsOfDirectory(atPath: host.folder.path)
        #expect(!files.contains { $0.hasPrefix("host.journal") }, "a check made a journal: \(files)")
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
