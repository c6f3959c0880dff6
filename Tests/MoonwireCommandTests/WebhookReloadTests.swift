import CurlHTTP
import Foundation
import Moonwire
import MoonwireConfiguration
import MoonwireServer
import Testing

@testable import MoonwireCommand

/// The addresses of scripts in a host that goes on while its scripts change.
struct WebhookReloadTests {
    private func script(_ names: String...) -> String {
        names.map { "bot.webhook(\"\($0)\", { auth = \"none\" }, function(request) end)" }.joined(separator: "\n")
    }

    @Test func addressesFollowTheScriptsWithoutARestart() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("webhook-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("bot.lua")
        try script("one", "both").write(to: file, atomically: true, encoding: .utf8)
        var configuration = HostConfiguration()
        configuration.journal.path = folder.appendingPathComponent("journal").path
        configuration.scripts = [HostConfiguration.ScriptSection(path: file.path)]
        configuration.log.level = .error
        var section = ServerSection()
        section.listen.port = 0
        configuration.server = section
        let host = try Host(configuration, logs: LogSetup(section: configuration.log))
        let server = try #require(host.server)
        let (opened, open) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { if let port = $0.first { open.yield(port) } } }
            group.addTask {
                do { try await host.run(watches: false) { await Self.forever() } } catch is CancellationError {}
            }
            var ports = opened.makeAsyncIterator()
            let origin = "http://127.0.0.1:\(await ports.next() ?? 0)/hooks/"
            // What is asked for before the scripts are in service is not refused for good.
            var first = 503
            while first == 503 { first = try await Self.post(origin + "one") }
            #expect(first == 200)
            try script("both", "two").write(to: file, atomically: true, encoding: .utf8)
            _ = try await host.reloader.reload()
            let statuses = [
                try await Self.post(origin + "one"), try await Self.post(origin + "both"),
                try await Self.post(origin + "two"),
            ]
            #expect(statuses == [404, 200, 200])
            _ = try await host.reloader.rollBack("bot", to: nil)
            let back = [try await Self.post(origin + "one"), try await Self.post(origin + "two")]
            #expect(back == [200, 404])
            group.cancelAll()
        }
    }

    private static func forever() async { try? await Task.sleep(for: .seconds(3600)) }

    private static func post(_ url: String) async throws -> Int {
        let client = try HTTPClient(configuration: HTTPClientConfiguration())
        return try await client.send(HTTPRequest(.post, url, body: .json(Array("{}".utf8)))).status
    }
}
