import ChatwootAPI
import EventJSON
import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Testing

/// `bot.channel` on the Chatwoot family.
struct ChatwootChannelObjectTests {
    /// Runs a script on an operator's and on a client's channel; `go` in a session of the desk sets it off.
    private func run(
        _ body: String, prepare: (HostHarness) async throws -> Void = { _ in },
        _ check: (HostHarness, Int) async throws -> Void
    ) async throws {
        let harness = try await HostHarness { $0.faults.limits.messagesPerMinute = 0 }
        try await prepare(harness)
        let script = "bot.on('message.created', { text = 'go' }, function(event, session)\n\(body)\nend)"
        try await harness.run(script, channels: [harness.operatorChannel(), harness.clientChannel()]) { _ in
            let id = try await harness.conversation()
            _ = try await harness.simulator.control.writeAsClient("go", conversation: id)
            try await check(harness, id)
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") }, "\(harness.notices.all)")
        await harness.simulator.stop()
    }

    @Test func aLoopReachesEachOpenSessionOnceAlsoWhileItClosesThem() async throws {
        var others: [Int] = []
        try await run(
            """
            local count = 0
            for other in bot.channel("desk"):sessions { status = "open" } do
              count = count + 1
              if other.id ~= session.id then
                other:reply("We close for the night, %s.", other.id)
                other:close()
              end
            end
            session:reply("%d sessions", count)
            """
        ) { harness in
            for _ in 0..<60 { others.append(try await harness.conversation()) }
        } _: { harness, id in
            try await wait("the loop ends") { try await harness.texts(id) == ["61 sessions"] }
            for other in others {
                let value1 = try await harness.texts(other)
                #expect(value1 == ["We close for the night, \(other)."])
                let value2 = try await harness.simulator.control.conversation(other).status
                #expect(value2 == "resolved")
            }
        }
    }

    @Test func sessionsAreNarrowedByOwnerLabelGroupAndClient() async throws {
        var labelled = 0
        try await run(
            """
            local desk = bot.channel("desk")
            local function list(query)
              local ids = {}
              for other in desk:sessions(query) do
                if other.id ~= session.id then ids[#ids + 1] = other.id end
              end
              return table.concat(ids, " ")
            end
            session:reply("label %s", list { label = "vip" })
            session:reply("operator %s", list { owner = "operator" })
            session:reply("queue %s", list { owner = "queue", status = "open" })
            session:reply("client %s", list { client = session.client })
            session:reply("group %s", list { group = "billing" })
            """
        ) { harness in
            labelled = try await harness.conversation()
            _ = try await harness.human.changeLabels(labelled, adding: ["vip"], removing: [])
            _ = try await harness.human.assign(labelled, to: DemoWorld.omarID)
        } _: { harness, id in
            try await wait("all lists") { try await harness.texts(id).count == 5 }
            let texts = try await harness.texts(id)
            #expect(texts == ["label \(labelled)", "operator \(labelled)", "queue ", "client ", "group "])
        }
    }

    @Test func aHandlerOfOneChannelWorksInASessionOfAnother() async throws {
        let harness = try await HostHarness()
        let script = """
            bot.on("message.created", { channel = "shop" }, function(event, session)
              local other = bot.channel("desk"):session(event.message.text)
              other:note("asked elsewhere")
              other:refresh()
              other:label("vip")
              session:reply("%s is %s, %s", other.id, other.status, other.labels[1])
            end)
            """
        try await harness.run(script, channels: [harness.operatorChannel(), harness.clientChannel()]) { _ in
            let control = harness.simulator.control
            let id = try await harness.conversation()
            let shop = try #require(await control.conversations().first { $0.inboxID == DemoWorld.hooryInboxID }?.id)
            _ = try await control.writeAsOperator("\(id)", conversation: shop)
            try await wait("the answer") { try await harness.texts(shop, .incoming) == ["\(id) is open, vip"] }
            let notes = try await control.messages(of: id).filter(\.isPrivate).map(\.content)
            #expect(notes == ["asked elsewhere"])
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("failed") }, "\(harness.notices.all)")
        await harness.simulator.stop()
    }

    @Test func aConversationIsStartedWithAPersonWhoIsKnownTheSecondTime() async throws {
        try await run(
            """
            local desk = bot.channel("desk")
            local person = { name = "Noor", phone = "+966501112233" }
            local first = desk:open { client = person, inbox = "Bevatel", message = "Hello {{ there }}" }
            first:reply("and again")
            local second = desk:open { client = person }
            session:reply("%s %s %s", first.client.name, first.client.id == second.client.id, first.owner)
            local ok, err = pcall(desk.open, desk, { client = person, inbox = "Bevatl" })
            session:reply(err.message)
            session:reply("%s", first.id)
            """
        ) { harness, id in
            try await wait("the report") { try await harness.texts(id).count == 3 }
            let texts = try await harness.texts(id)
            #expect(texts[0] == "Noor true bot")
            #expect(texts[1].contains("did you mean 'Bevatel'?"))
            let opened = try #require(Int(texts[2]))
            let value4 = try await harness.texts(opened)
            #expect(value4 == ["Hello {\u{2060}{ there }}", "and again"])
        }
    }

    @Test func theDeskAndItsPeopleAreRead() async throws {
        try await run(
            """
            local desk = bot.channel("desk")
            local names = {}
            for _, seat in ipairs(desk:operators()) do names[#names + 1] = seat.id end
            session:reply("operators %s", table.concat(names, " "))
            session:reply("group %s", desk:groups()[1].name)
            session:reply("me %s", desk:me().id)
            desk:pause()
            session:reply("status %s", desk:me().status)
            desk:online()
            session:reply("status %s", desk:me().status)
            local clients = 0
            for client in desk:clients() do clients = clients + 1 end
            session:reply("clients %s", clients > 15)
            for client in desk:clients { text = "Person 7" } do client:update { attrs = { seen = true } } end
            session:reply("done")
            """
        ) { harness in
            for number in 0..<20 {
                _ = try await harness.human.createContact(
                    .init(details: .init(name: "Person \(number)", email: "p\(number)@example.com")))
            }
        } _: { harness, id in
            try await wait("the report") { try await harness.texts(id).last == "done" }
            let texts = try await harness.texts(id)
            #expect(texts[0].contains("\(DemoWorld.omarID)") && texts[0].contains("\(DemoWorld.moonwireID)"))
            #expect(Array(texts[1...5]) == ["group billing", "me 22", "status busy", "status online", "clients true"])
            let contact = try await harness.human.contacts(matching: "Person 7").contacts.first
            #expect(contact?.customAttributes["seen"]?.bool == true)
        }
    }

    @Test func thePlatformsOwnAPIIsAskedWithTheSeatsTokenAndTellsNoSecrets() async throws {
        try await run(
            """
            local desk = bot.channel("desk")
            session:reply("%s", desk:request("GET", "/labels").status)
            local contact = desk:request("GET", "/contacts/" .. session.client.id).body.payload
            session:reply("%s", contact.contact_inboxes[1].source_id)
            desk:request("POST", "/conversations/" .. session.id .. "/toggle_priority", { priority = "urgent" })
            local ok, err = pcall(desk.request, desk, "GET", "/nowhere?secret=1")
            session:reply("%s %s", err.code, err.status)
            """
        ) { harness, id in
            try await wait("the report") { try await harness.texts(id).count == 3 }
            let value5 = try await harness.texts(id)
            #expect(value5 == ["200", "***", "closed 404"])
            #expect(harness.simulator.control.requests(containing: "toggle_priority").count == 1)
        }
    }

    @Test func aClientListsItsOwnSessionsAndBeginsNewOnes() async throws {
        try await run(
            """
            local shop = bot.channel("shop")
            local before = 0
            for other in shop:sessions { status = "open" } do before = before + 1 end
            local new = shop:open { message = "I have a question" }
            new:reply("another one")
            session:reply("%d %s %s", before, shop:me().id == new.client.id, shop:can("clients"))
            local ok, err = pcall(shop.clients, shop)
            session:reply(err.message)
            session:reply("%s %d", new.id, shop:request("GET", "/conversations").status)
            """
        ) { harness, id in
            try await wait("the report") { try await harness.texts(id).count == 3 }
            let texts = try await harness.texts(id)
            #expect(texts[0] == "1 true false")
            #expect(texts[1].contains("channel:clients is not possible on hoory in the client role"))
            let parts = texts[2].split(separator: " ")
            let opened = try #require(parts.first.flatMap { Int($0) })
            #expect(parts.last == "200")
            let value6 = try await harness.texts(opened, .incoming)
            #expect(value6 == ["I have a question", "another one"])
            #expect(!harness.simulator.control.requests(containing: "/conversations").isEmpty)
        }
    }

    @Test func aLoopThatARestartInterruptsBetweenPagesGoesOnAndRepeatsNothing() async throws {
        let harness = try await HostHarness { $0.faults.limits.messagesPerMinute = 0 }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("loop-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("journal").path
        let script = """
            bot.on("message.created", { text = "go" }, function(event, session)
              local count = 0
              for other in bot.channel("desk"):sessions { status = "open" } do
                if other.id ~= session.id then
                  other:reply("good night")
                  other:close()
                  count = count + 1
                  if count == 25 then session:ask("Go on?") end
                end
              end
              session:reply("%d sessions", count)
            end)
            """
        var others: [Int] = []
        for _ in 0..<40 { others.append(try await harness.conversation()) }
        let id = try await harness.conversation()
        let control = harness.simulator.control
        try await harness.run(script, channels: [harness.operatorChannel()], journal: try SQLiteJournal(path: path)) {
            _ in
            _ = try await control.writeAsClient("go", conversation: id)
            try await wait("the question") { try await harness.texts(id) == ["Go on?"] }
        }
        try await harness.run(script, channels: [harness.operatorChannel()], journal: try SQLiteJournal(path: path)) {
            _ in
            _ = try await control.writeAsClient("yes", conversation: id)
            try await wait("the loop ends") { try await harness.texts(id) == ["Go on?", "40 sessions"] }
        }
        for other in others {
            let value7 = try await harness.texts(other)
            #expect(value7 == ["good night"])
        }
        #expect(!harness.notices.all.contains { $0.hasPrefix("differed") }, "\(harness.notices.all)")
        await harness.simulator.stop()
    }
}
