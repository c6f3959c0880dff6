import Foundation
import Moonwire
import PlatformSimulator
import SQLiteJournal
import Testing

/// Broadcasts over TWIN24's notification service, with the built program.
@Suite(.enabled(if: HostProcess.binary != nil, "needs MOONWIRE_BINARY"), .serialized)
@CommandThread struct NotificationBroadcastTests {
    private static let script = """
        local news = bot.broadcast("news", { channel = "night" })
        news:audience { csv = "people.csv" }
        news:message("Hello {name}")
        """

    private func configuration(_ urls: TwinURLs?, _ extra: String) -> String {
        """
        journal: { path: host.journal }
        log: { level: debug, format: json }
        channels:
          night:
            platform: twin24
            role: operator
            iam: \(urls?.iam ?? "https://iam.example.com")
            chat: \(urls?.chat ?? "https://chat.example.com")
            realtime: \(urls?.realtime ?? "https://realtime.example.com")
            notify: \(urls?.notify ?? "https://notify.example.com")
            email: \(TwinDemoWorld.operatorEmail)
            password: \(TwinDemoWorld.operatorPassword)
            rate: 100000/s
            burst: 100000
            request_limit: 300ms
            \(extra)
        scripts: [bot.lua]
        """
    }

    private func record(_ host: HostProcess) async throws -> BroadcastRecord? {
        let reader = try JournalReader(path: host.folder.appendingPathComponent("host.journal").path)
        return try await reader.broadcast(.named("news", key: "1"))
    }

    @Test func withFaultsAndKillsEverybodyIsNotifiedAtMostOnce() async throws {
        let audience = 240
        let simulator = try await PlatformSimulator.start(PlatformSimulator.Configuration())
        let twin = simulator.twin
        let host = try HostProcess(
            configuration: configuration(
                simulator.twinURLs,
                "notifications: { channels: [sms: { from: Shop }, chat: { chat_id: \(TwinDemoWorld.chatID) }] }"),
            script: Self.script)
        var rows = "phone,id,email,name\n"
        for number in 0..<audience { rows += "+7900\(1_000_000 + number),k\(number),,n\(number)\n" }
        try host.write(rows + ",,ann@example.org,Ann\n", as: "people.csv")
        try host.start()
        try await wait("the seat is taken") { twin.openStreams == 1 }
        simulator.faults.update { faults in
            let path = "/notify/"
            faults.twin.refusedDestinations = ["phone:79001000007", "phone:79001000100"]
            faults.requests = [
                RequestFault(.throttled, probability: 0.05, path: path, method: "POST", retryAfter: 1),
                RequestFault(.failed, probability: 0.04, path: path, method: "POST", status: 502),
                RequestFault(.hangUp, probability: 0.06, path: path, method: "POST"),
                RequestFault(.refused, probability: 0.02, path: path, method: "POST"),
            ]
        }
        try await wait("the broadcast begins") {
            try host.command("broadcast", "start", "news", "--key", "1").status == 0
        }
        for goal in [30, 90, 150] {
            try await wait("\(goal) are notified", seconds: 60) { twin.counters.notifications >= goal }
            if goal == 90 {
                await twin.expireTokens()
            } else {
                host.kill()
                try host.start()
            }
        }
        try await wait("the end", seconds: 120) { try await record(host)?.state == .finished }
        let counts = try #require(try await record(host)?.counts)
        let notified = twin.counters.notified
        #expect(notified.values.allSatisfy { $0 == 1 }, "somebody got it twice")
        #expect(counts.sent <= Int64(notified.count) && Int64(notified.count) <= counts.sent + counts.unknown)
        #expect(counts.ended == Int64(audience + 1) && counts.total == Int64(audience + 1), "\(counts)")
        #expect(counts.failed == 2, "\(counts)")
        #expect(await twin.sessions().isEmpty)
        let failed = try host.command("broadcast", "report", "news", "--state", "failed").text
        #expect(failed.contains("the notification service refused it: sms: The recipient is in the black list."))
        #expect(!host.log.contains(TwinDemoWorld.operatorPassword) && !host.log.contains("Bearer"))
        simulator.faults.clear()
        try await wait("the seat is taken again") { twin.openStreams == 1 }
        #expect(host.stop() == 0, "\(host.log)")
        print("\(audience + 1) recipients: \(counts), \(notified.count) notified")
        await simulator.stop()
    }

    private func check(
        _ extra: String, script: String = NotificationBroadcastTests.script, _ options: String...
    ) throws -> (text: String, status: Int32) {
        let host = try HostProcess(configuration: configuration(nil, extra), script: script)
        try host.write("phone,name\n+79001112233,Ann\n", as: "people.csv")
        let result = try HostProcess.output(["check"] + options, in: host.folder)
        return (result.text, result.status)
    }

    @Test func checkSaysByWhatABroadcastIsCarried() throws {
        let service = try check("notifications: { channels: [sms, chat: { chat_id: c, required: true }] }")
        #expect(service.status == 0)
        #expect(
            service.text.contains("  broadcasts: by the notification service over sms → chat (always), no templates"),
            "\(service.text)")
        #expect(service.text.contains("broadcast news: on night, by the notification service over sms → chat"))
        let template = try check("notifications: { channels: [whatsapp: { template_name: hello }] }")
        #expect(template.text.contains("over whatsapp, templates as WhatsApp's 'hello'"), "\(template.text)")
        #expect(try check("").text.contains("  broadcasts: by opening sessions"))
        let paused = try check("status: paused")
        #expect(paused.status == 0)
        #expect(paused.text.contains("  broadcasts: not to people without a session: a paused operator"))
        #expect(paused.text.contains("warning"), "\(paused.text)")
        let json = try check("notifications: { channels: [sms] }", "--json").text
        #expect(json.contains(#""broadcasts":{"by":"notifications","channels":["sms"]}"#), "\(json)")
    }

    @Test func checkRefusesAnInboxThatNoChatCouldBeginIn() throws {
        let script = Self.script.replacing("channel = \"night\"", with: "channel = \"night\", inbox = \"Site\"")
        let wrong = try check("notifications: { channels: [sms] }", script: script)
        #expect(wrong.status == 2)
        #expect(wrong.text.contains("names the inbox 'Site', and 'notifications' has no chat"), "\(wrong.text)")
        #expect(try check("notifications: { channels: [chat: { chat_id: c }] }", script: script).status == 0)
    }
}
