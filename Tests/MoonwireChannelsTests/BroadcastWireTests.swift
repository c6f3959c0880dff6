import ChatwootAPI
import EventJSON
import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Testing

/// Broadcasts of a file, carried by real channels over real sockets. Who got what is the simulator's own count.
struct BroadcastWireTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wire-\(UUID().uuidString)")
    private let journal: SQLiteJournal

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        journal = try SQLiteJournal(path: folder.appendingPathComponent("journal").path)
    }

    /// A script with a broadcast of a file, which begins when a client writes "go".
    private func script(_ rows: String, on channel: String) throws -> String {
        let path = folder.appendingPathComponent("people.csv")
        try rows.write(to: path, atomically: true, encoding: .utf8)
        return """
            local news = bot.broadcast("news", { channel = "\(channel)" })
            news:audience { csv = "\(path.path)" }
            news:message("Hello {name}")
            bot.on("message.created", { text = "go" }, function() news:start { key = "1" } end)
            """
    }

    private func begin(_ engine: Engine) async throws {
        let plan = try #require(await engine.broadcastPlans().first)
        _ = try await engine.changeBroadcasts(.create(plan, key: "1", starts: true))
    }

    private func finished() async throws -> BroadcastRecord {
        let target = BroadcastTarget.named("news", key: "1")
        try await wait("the broadcast is finished", seconds: 60) {
            try await journal.broadcast(target)?.state == .finished
        }
        return try #require(try await journal.broadcast(target))
    }

    private func reasons(_ record: BroadcastRecord, _ state: RecipientState) async throws -> [String] {
        try await journal.recipients(of: record.id, in: state, after: 0, limit: 99).map { $0.reason ?? "" }
    }

    /// What goes wrong, and whether it may leave a message in doubt.
    enum Weather: CaseIterable {
        case fair
        /// Only on the way to the message: whatever happens there, nothing is in doubt.
        case roughBefore
        case rough

        var faults: [RequestFault] {
            let before = [
                RequestFault(.throttled, probability: 0.08, path: "/contacts", retryAfter: 1),
                RequestFault(.failed, probability: 0.08, path: "/contacts", status: 502),
                RequestFault(.hangUp, probability: 0.15, path: "/contacts", method: "POST"),
                RequestFault(.refused, probability: 0.05, path: "/contacts"),
                RequestFault(.failed, probability: 0.1, path: "/inboxes", method: "GET", status: 502),
            ]
            let path = "/conversations"
            return switch self {
            case .fair: []
            case .roughBefore: before
            case .rough:
                before + [
                    RequestFault(.throttled, probability: 0.1, path: path, method: "POST", retryAfter: 1),
                    RequestFault(.failed, probability: 0.1, path: path, method: "POST", status: 502),
                    RequestFault(.hangUp, probability: 0.15, path: path, method: "POST"),
                ]
            }
        }
    }

    @Test(arguments: Weather.allCases)
    func everyRowBecomesAContactAConversationAndAMessageOnce(weather: Weather) async throws {
        let harness = try await HostHarness { $0.faults.limits.messagesPerMinute = 0 }
        let phones = (1...40).map { "+9665000010\(10 + $0)" }
        let rows = "phone,name\n" + phones.map { "\($0),n\n" }.joined()
        try await harness.run(
            try script(rows, on: "desk"), channels: [harness.operatorChannel()], journal: journal
        ) { engine in
            harness.simulator.faults.update { $0.requests = weather.faults }
            try await begin(engine)
            let counts = try await finished().counts
            harness.simulator.faults.clear()
            var reached: Int64 = 0
            for phone in phones {
                let contacts = try await harness.human.contacts(matching: phone).contacts
                #expect(contacts.count == 1, "\(phone)")
                let conversations = try await harness.human.conversations(ofContact: contacts.first?.id ?? 0)
                #expect(conversations.count <= 1, "\(phone)")
                guard let conversation = conversations.first else { continue }
                let texts = try await harness.texts(conversation.id)
                #expect(texts == ["Hello n"])
                reached += 1
            }
            #expect(counts.sent + counts.unknown == 40, "\(counts)")
            #expect(counts.sent <= reached && reached <= counts.sent + counts.unknown)
            if weather != .rough { #expect(counts.sent == 40, "\(counts)") }
            if weather != .fair {
                #expect(harness.simulator.control.requests(containing: "/contacts").contains { $0.status == 502 })
            }
        }
        await harness.simulator.stop()
    }

    @Test func anInboxThatIsNotClearFailsTheRowAndNamesTheOption() async throws {
        let harness = try await HostHarness()
        try await harness.run(
            try script("phone,name\n+966500001011,n\n", on: "desk"),
            channels: [harness.operatorChannel(inboxes: ["Bevatel", "Hoory"])], journal: journal
        ) { engine in
            try await begin(engine)
            let record = try await finished()
            let reasons = try await reasons(record, .failed)
            #expect(reasons.count == 1)
            #expect(reasons.first?.contains("the option inbox is needed") == true, "\(reasons)")
            #expect(reasons.first?.contains("Bevatel") == true && reasons.first?.contains("Hoory") == true)
            let outgoing = await harness.simulator.control.counters().outgoing
            #expect(outgoing == 0)
        }
        await harness.simulator.stop()
    }

    @Test func everyRowBecomesASessionOfTheOperatorAndAMessageOnce() async throws {
        let harness = try await TwinHarness()
        // Where an operator is free the platform may seat another one.
        try await harness.twin.block(TwinDemoWorld.colleagueID)
        let rows = "phone,name\n" + (1...8).map { "+7999111223\($0),n\($0)\n" }.joined()
        try await harness.run(try script(rows, on: "night"), journal: journal) {
            let asking = try await harness.session()
            harness.simulator.faults.update { faults in
                faults.requests = [
                    RequestFault(.failed, next: 1, path: "/chats", method: "GET", status: 502),
                    RequestFault(.throttled, next: 2, path: "/sessions", method: "PUT", retryAfter: 1),
                    RequestFault(.hangUp, next: 2, path: "/sessions", method: "PUT"),
                ]
            }
            try await harness.twin.writeAsClient("go", session: asking)
            let record = try await finished()
            harness.simulator.faults.clear()
            #expect(record.counts.sent == 8, "\(record.counts)")
            var said: [String] = []
            for session in await harness.twin.sessions() where session.id != asking {
                #expect(session.operatorID == TwinDemoWorld.operatorID)
                // A start whose answer was lost may leave a session behind in which nothing is said.
                #expect(session.operatorMessages <= 1 && session.duplicateOperatorMessages == 0, "\(session)")
                said += try await harness.said(session.id)
            }
            #expect(said.sorted() == (1...8).map { "Hello n\($0)" })
        }
        await harness.simulator.stop()
    }

    @Test func everyRowIsAMessageOfTheProviderUnderOneIDHoweverOftenItIsPosted() async throws {
        let harness = try await CustomHarness()
        let rows = "id,name\n" + (1...8).map { "u\($0),n\($0)\n" }.joined()
        try await harness.run(try script(rows, on: "tienda"), journal: journal) { running in
            await harness.platform.fail(CustomFault(status: 503, contactID: "u2"))
            await harness.platform.fail(CustomFault(status: 429, retryAfter: 1, contactID: "u3"))
            try await begin(running.engine)
            let record = try await finished()
            #expect(record.counts.sent == 8, "\(record.counts)")
            let posts = await harness.platform.posts().filter { $0.type == "message" }
            #expect(posts.count == 10)
            let messages = Dictionary(grouping: posts, by: \.contactID).mapValues { Set($0.map(\.mID)).count }
            #expect(messages.count == 8)
            #expect(messages.values.allSatisfy { $0 == 1 }, "\(messages)")
        }
        await harness.simulator.stop()
    }
}
