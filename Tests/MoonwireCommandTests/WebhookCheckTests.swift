import EventJSON
import Moonwire
import MoonwireConfiguration
import Testing

@testable import MoonwireCommand

struct WebhookCheckTests {
    private let webhook = WebhookDeclaration(name: "orders", auth: .bearer(secret: "TOKEN"), location: "bot.lua:1")

    private var handlers: [(script: String, handler: HandlerDescriptor)] {
        let handler = HandlerDescriptor(
            index: 0, identity: "webhook:orders", trigger: .event, filter: EventFilter(events: ["webhook:orders"]),
            hasWhere: false, priority: 0, location: "bot.lua:1", webhook: webhook)
        return [("bot", handler)]
    }

    private func configuration(_ server: ServerSection?) -> HostConfiguration {
        var configuration = HostConfiguration()
        configuration.server = server
        return configuration
    }

    @Test func aWebhookWithoutAServerIsAWarning() {
        let findings = CheckCommand.unreachable(handlers, configuration(nil), file: "moonwire.yaml")
        #expect(findings.count == 1 && findings.allSatisfy { !$0.isError })
        #expect(findings.first?.message.contains("webhook 'orders' (bot.lua:1) cannot be called") == true)
    }

    @Test func aServerWithoutAPublicURLIsAWarning() {
        let findings = CheckCommand.unreachable(handlers, configuration(ServerSection()), file: "moonwire.yaml")
        #expect(findings.map(\.isError) == [false])
        #expect(findings.first?.message.contains("'public_url'") == true)
        #expect(CheckCommand.unreachable([], configuration(nil), file: "moonwire.yaml").isEmpty)
    }

    @Test func theAddressToPasteIsPrinted() {
        var server = ServerSection()
        server.publicURL = "https://bots.example.com"
        let line = CheckCommand.line(webhook, "bot", configuration(server), Terminal(.output))
        #expect(line.contains("https://bots.example.com/hooks/orders"))
        #expect(line.contains("POST with secret TOKEN as bearer token"))
        #expect(CheckCommand.unreachable(handlers, configuration(server), file: "moonwire.yaml").isEmpty)
        let json = CheckCommand.encode(webhook, "bot", configuration(server))
        #expect(json["url"]?.string == "https://bots.example.com/hooks/orders")
    }
}
