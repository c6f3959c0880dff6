import ChatwootAPI
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// A conversation whose start is in doubt, beside those that the client opens.
struct ChatwootOpeningTests {
    /// Long enough for the client to open a conversation between the start and the search for it.
    private static let policy = DeliveryPolicy(
        backOff: BackOff(first: .milliseconds(20), limit: .milliseconds(200)), requestLimit: .seconds(1))

    /// Starts a conversation with a client, which goes wrong; meanwhile the client opens one too.
    ///
    /// - Returns: what the script says of it, and the conversation of the client's own.
    private func start(
        _ fault: RequestFault.Kind, message: String?
    ) async throws -> (report: String, own: Int?, made: [Int]) {
        let harness = try await HostHarness { $0.faults.limits.messagesPerMinute = 0 }
        let script = """
            bot.on('message.created', function(event, session)
              local desk = bot.channel("desk")
              local ok, result = pcall(desk.open, desk, {
                client = event.message.text, inbox = "Bevatel", message = \(message.map { "\"\($0)\"" } ?? "nil") })
              session:reply("%s", ok and result.id or result.code)
            end)
            """
        let control = harness.simulator.control
        var report = ""
        var own: Int?
        var made: [Int] = []
        try await harness.run(script, channels: [harness.operatorChannel(policy: Self.policy)]) { _ in
            let client = try await control.createSession(inbox: DemoWorld.bevatelInboxIdentifier)
            let id = try await harness.conversation()
            let before = await control.conversations().map(\.id)
            let path = "accounts/\(DemoWorld.accountID)/conversations"
            harness.simulator.faults.update { $0.requests = [RequestFault(fault, next: 1, path: path, method: "POST")] }
            try await control.writeAsClient("\(client.contactID)", conversation: id)
            try await wait("the start went wrong") {
                control.requests(containing: path).contains { $0.method == "POST" && $0.status == 0 }
            }
            own = try await control.openConversation(client)
            try await wait("the script's report") { try await !harness.texts(id).isEmpty }
            report = try await harness.texts(id).first ?? ""
            made = await control.conversations().map(\.id).filter { !before.contains($0) && $0 != own }
        }
        await harness.simulator.stop()
        return (report, own, made)
    }

    @Test(arguments: ["Hello", nil]) func aConversationOfTheClientsOwnIsNotTheOneThatWasStarted(message: String?)
        async throws
    {
        let (report, own, made) = try await start(.refused, message: message)
        #expect(report == "unknown")
        #expect(own != nil && made.isEmpty)
    }

    @Test(arguments: ["Hello {{ there }}", nil])
    func theConversationThatWasStartedIsFoundBesideTheClientsOwn(message: String?) async throws {
        let (report, own, made) = try await start(.hangUp, message: message)
        #expect(made.count == 1)
        #expect(report == made.first.map(String.init) && report != own.map(String.init))
    }
}
