import Foundation
import PlatformSimulator
import Testing

@testable import MoonwireCommand

/// `moonwire broadcast` against a running host.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct BroadcastCommandTests {
    private static let script = """
        local news = bot.broadcast("news", { channel = "desk", throttle = "20/s" })
        news:audience { csv = "people.csv" }
        news:message("Hello {name}")
        """

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }

    @Test func aBroadcastIsPreviewedTestedStartedSteeredAndReported() async throws {
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let control = simulator.control
        let people = try await control.bulkWrite(
            BulkOrder(messages: 0, sessions: 30, inbox: DemoWorld.bevatelInboxIdentifier))
        let host = try HostProcess(configuration: operatorConfiguration(simulator), script: Self.script)
        var rows = "session,name\n"
        for (number, conversation) in people.conversations.dropLast().enumerated() {
            rows += "\(conversation),\"n\(number)\"\n"
        }
        try host.write(
            rows + "\(people.conversations[0]),again\n,nobody\n\(people.conversations[29]),\n", as: "people.csv")
        try host.start()
        try await wait("the host is connected") { control.subscriptions == 1 }
        try await wait("the host takes orders") { try host.command("scripts").status == 0 }

        let dry = try host.command("broadcast", "preview", "news", "--all", "--json")
        let preview = try json(dry.text)["broadcast"] as? [String: Any]
        let figures = try #require(preview?["preview"] as? [String: Any], "\(dry)")
        #expect(figures["rows"] as? Int == 31)
        #expect(figures["rejected_count"] as? Int == 1)
        #expect(figures["unwritable"] as? Int == 1)
        #expect(figures["duplicates"] as? Int == 1)
        #expect((figures["outlook"] as? [String: Any])?["sendable"] as? Int == 29)
        let table = try host.command("broadcast", "preview", "news", "--all").text
        #expect(table.contains(/duplicates +1\n/), "\(table)")
        #expect(table.contains(/would be sent +29\n/), "\(table)")
        #expect(await control.counters().outgoing == 0)

        let wrong = try host.command("broadcast", "start", "newss")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("did you mean 'news'"), "\(wrong.errors)")

        let test = try host.command(
            "broadcast", "test", "news", "--to", "session=\(people.conversations[29])", "--to", "name=Ann")
        #expect(test.status == 0, "\(test.errors)")
        #expect(try await control.messages(of: people.conversations[29]).compactMap(\.content) == ["Hello Ann"])

        #expect(try host.command("broadcast", "new", "news", "--key", "1").status == 0)
        try await wait("the draft is read") {
            try json(try host.command("broadcast", "status", "news", "--json").text)["complete"] as? Bool == true
        }
        #expect(await control.counters().outgoing == 1)
        #expect(try host.command("broadcast", "start", "news", "--key", "1").status == 0)
        #expect(try host.command("broadcast", "pause", "news").status == 0)
        let paused = try json(try host.command("broadcast", "status", "news", "--json").text)
        #expect(paused["state"] as? String == "paused")
        #expect(paused["audience"] as? Int == 30)
        #expect(paused["duplicates"] as? Int == 1)
        #expect(paused["rejected"] as? Int == 1)
        let again = try host.command("broadcast", "start", "news", "--key", "1", "--follow", "--json")
        #expect(again.status == 0, "\(again)")
        #expect(again.text.contains("\"state\":\"finished\""))

        let report = try host.command("broadcast", "report", "news", "--state", "failed").text
        #expect(report.split(separator: "\n").count == 2)
        #expect(report.contains("message: there is no 'name'"), "\(report)")
        let lines = try host.command("broadcast", "report", "news", "--format", "json").text.split(separator: "\n")
        #expect(lines.count == 30)
        #expect(try json(String(lines[0]))["state"] as? String == "sent")
        #expect(try host.command("broadcast", "report", "news", "--rejected").text.contains("32,\"names nobody"))
        #expect(await control.counters().outgoing == 30)

        let retry = try host.command("broadcast", "retry", "news", "--json")
        #expect((try json(retry.text)["broadcast"] as? [String: Any])?["changed"] as? Int == 1, "\(retry)")
        try await wait("the retry is over") {
            try json(try host.command("broadcast", "status", "news", "--json").text)["state"] as? String == "finished"
        }
        #expect(try host.command("broadcast", "delete", "news").status == 0)
        #expect(try host.command("broadcast", "list").text == "no broadcasts\n")
        let late = try host.command("broadcast", "start", "news", "--key", "1")
        #expect(late.status == 2)
        #expect(late.errors.contains("is deleted, and the same key twice is one broadcast"), "\(late)")
        #expect(host.stop() == 0, "\(host.log)")
        await simulator.stop()
    }

    @Test func checkSaysWhichChannelCannotCarryIt() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("moonwire-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = """
            channels:
              shop: { platform: hoory, role: client, inbox: abc }
            scripts: [bot.lua]
            """
        try configuration.write(to: folder.appendingPathComponent("moonwire.yaml"), atomically: true, encoding: .utf8)
        let script = Self.script.replacing("\"desk\"", with: "\"shop\"")
        try script.write(to: folder.appendingPathComponent("bot.lua"), atomically: true, encoding: .utf8)
        let check = try HostProcess.output(["check"], in: folder)
        #expect(check.status == 2)
        #expect(
            check.text.contains("bot.lua:1: the broadcast 'news' can write to nobody: in the client role"),
            "\(check.text)")
        #expect(check.text.contains("people.csv, which is not there yet"))
    }

    @Test func aReportQuotesWhatMustBeQuotedAndNoFormulaGetsThrough() {
        #expect(BroadcastReport.quoted("a,b") == "\"a,b\"")
        #expect(BroadcastReport.quoted("say \"hi\"\n") == "\"say \"\"hi\"\"\n\"")
        #expect(BroadcastReport.quoted("=HYPERLINK(1)") == "'=HYPERLINK(1)")
        #expect(BroadcastReport.quoted("-5") == "-5")
        #expect(BroadcastReport.quoted("phone:+966500000001") == "phone:+966500000001")
    }
}
