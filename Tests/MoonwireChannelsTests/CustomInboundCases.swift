import CustomChannelAPI
import EventJSON
import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import SQLiteJournal
import Testing

/// What the host tells the platform: cases 1 to 14 of the protocol's conformance table.
@Suite struct CustomInboundCases {
    private func text(_ text: String, to contact: String = "user_88412") -> JSON {
        ["contact_id": .string(contact), "text": .string(text)]
    }

    @Test("CC-01: a text with its contact is one post to the exact address")
    func textWithContact() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let args: JSON = [
                "contact_id": "user_88412", "text": "¿Tienen la talla 38?",
                "contact": ["first_name": "Lucía", "phone": "+5215512345678", "timezone": -6, "email": ""],
            ]
            let result = try await harness.ask(host, "receive", args)
            #expect(result == "ok")
            let posts = await harness.platform.posts()
            let post = try #require(posts.first)
            #expect(posts.count == 1)
            #expect(post.path == CustomDemoWorld.webhookPath)
            #expect(post.isAuthorized)
            #expect(post.contentType == "application/json")
            #expect(post.cacheControl == "no-cache")
            let time = try #require(post.json["events"]?.elements.first?["timestamp"]?.int)
            #expect(abs(Double(time) / 1000 - post.at) < 10)
            let expected: JSON = [
                "channelId": .string(CustomDemoWorld.channelID), "contactId": "user_88412",
                "events": [
                    [
                        "type": "message", "mId": .string(post.mID), "timestamp": .int(Int64(time)),
                        "message": ["type": "text", "text": "¿Tienen la talla 38?"],
                    ]
                ], "contact": ["firstName": "Lucía", "phone": "+5215512345678", "timezone": -6],
            ]
            #expect(post.json == expected)
            // Told once, a contact is told again only when it changes.
            try await harness.ask(host, "receive", args)
            let second = await harness.platform.posts().last
            #expect(second?.json["contact"] == nil)
            #expect(second?.mID != post.mID)
        }
    }

    @Test("CC-02: every 2xx is success, whatever its body")
    func bodiesOfSuccess() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let result1 = try await harness.ask(host, "receive", text("1"))
            #expect(result1 == "ok")
            await harness.platform.fail(CustomFault(status: 200, body: "not json"))
            let result2 = try await harness.ask(host, "receive", text("2"))
            #expect(result2 == "ok")
            #expect(await harness.platform.posts().count == 2)
        }
    }

    @Test("CC-03: 503 twice, then 200: three attempts with one body and growing waits")
    func attempts() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            await harness.platform.fail(CustomFault(status: 503, count: 2))
            let result3 = try await harness.ask(host, "receive", text("1"))
            #expect(result3 == "ok")
            let posts = await harness.platform.posts()
            try #require(posts.count == 3)
            #expect(Set(posts.map(\.body)).count == 1)
            #expect(Set(posts.map(\.mID)).count == 1)
            let gaps = zip(posts, posts.dropFirst()).map { $1.at - $0.answeredAt }
            #expect(gaps.allSatisfy { $0 >= 0 })
        }
    }

    @Test("CC-04: Retry-After holds its contact, and no other")
    func retryAfter() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            await harness.platform.fail(CustomFault(status: 429, retryAfter: 5, contactID: "a"))
            try await harness.tell(host, "receive", text("1", to: "a"), session: "a")
            try await wait("a was throttled") { await harness.platform.posts().count == 1 }
            try await harness.tell(host, "receive", text("2", to: "b"), session: "b")
            try await wait("all went out") { await harness.platform.posts().count == 3 }
            let posts = await harness.platform.posts()
            #expect(posts.map(\.contactID) == ["a", "b", "a"])
            #expect(posts[2].at - posts[0].answeredAt >= 5)
        }
    }

    @Test("CC-05: a refused token pauses the outbox until it is another; then all goes out in order")
    func pausedOutbox() async throws {
        let harness = try await CustomHarness()
        try await harness.withJournalFile { path in
            await harness.platform.setToken("another")
            try await harness.run(journal: try SQLiteJournal(path: path)) { host in
                for number in 1...3 { try await harness.tell(host, "receive", text("\(number)")) }
                try await wait("the outbox is paused") { harness.count("event channel.disconnected") == 1 }
                try await Task.sleep(for: .milliseconds(300))
                #expect(await harness.platform.posts().count == 1)
                #expect(harness.log.text.split(separator: "\n").count { $0.contains("outbox is paused") } == 1)
                #expect(await harness.platform.say("are you there?", to: "user_88412").status == 200)
            }
            try await harness.run(token: "another", journal: try SQLiteJournal(path: path)) { _ in
                try await wait("all three are there") {
                    await harness.platform.messages(of: "user_88412").count { $0.direction == .incoming } == 3
                }
            }
            let arrived = await harness.platform.messages(of: "user_88412").filter { $0.direction == .incoming }
            #expect(arrived.map(\.text) == ["1", "2", "3"])
        }
    }

    @Test("CC-05: a pause also ends while the host runs")
    func resumedOutbox() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            await harness.platform.fail(CustomFault(status: 404, count: 1))
            try await harness.tell(host, "receive", text("1"))
            try await wait("the outbox is paused") { harness.count("event channel.disconnected") == 1 }
            await host.channel.resume()
            try await wait("it went out") { harness.told == ["ok"] }
            #expect(await harness.platform.messages(of: "user_88412").map(\.text) == ["1"])
        }
    }

    @Test("CC-06: a refused post is never repeated; the failure holds status and body")
    func refusedPost() async throws {
        let harness = try await CustomHarness()
        let script =
            CustomHarness.obeying + """

                bot.on("delivery.failed", { from = "any" }, function(event)
                  bot.log.info("told failed " .. event.id .. " " .. event.raw.status .. " " .. event.raw.body)
                end)
                bot.on("host:raw", { from = "any", owner = "any" }, function(event)
                  bot.channel("tienda"):receive(event.raw.args)
                end)
                """
        let journal = MemoryJournal()
        try await harness.run(script, journal: journal) { host in
            await harness.platform.fail(CustomFault(status: 400, body: #"{"error":"bad contact"}"#, count: 2))
            try await harness.tell(host, "receive", text("1"))
            try await wait("both are told") { harness.told.count == 2 }
            let mID = try #require(await harness.platform.posts().first?.mID)
            #expect(harness.told.contains { $0.hasPrefix("rejected: ") && $0.contains("(400") })
            #expect(harness.told.contains { $0.hasPrefix("failed \(mID) 400 ") && $0.contains("bad contact") })
            try await harness.tell(host, "receive", text("2"), name: "host:raw")
            try await wait("it is buried") { try await !journal.deadLetters(limit: 5).isEmpty }
            try await wait("it is told") { harness.notices.all.contains { $0.hasPrefix("failed: ") } }
            let letters = try await journal.deadLetters(limit: 5)
            #expect(letters.contains { $0.error.contains("400") && $0.error.contains("bad contact") })
            #expect(!harness.notices.all.contains { $0.contains("bad contact") })
            #expect(await harness.platform.posts().count == 2)
        }
    }

    @Test("CC-07: what may have been accepted before a crash is posted again with the same mId")
    func crash() async throws {
        let harness = try await CustomHarness()
        try await harness.withJournalFile { path in
            await harness.platform.fail(CustomFault(milliseconds: 1500))
            try await harness.run(journal: try SQLiteJournal(path: path)) { host in
                try await harness.tell(host, "receive", text("1"))
                try await wait("the platform has it") { await harness.platform.posts().count == 1 }
            }
            try await harness.run(journal: try SQLiteJournal(path: path)) { _ in
                try await wait("it came again") { await harness.platform.posts().count == 2 }
                try await wait("it is told") { harness.told == ["ok"] }
            }
            let posts = await harness.platform.posts()
            #expect(posts.count == 2)
            #expect(posts[0].mID == posts[1].mID)
            #expect(posts[0].body == posts[1].body)
        }
    }

    @Test("CC-08: one post at a time for a contact, others beside it")
    func order() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            await harness.platform.fail(CustomFault(milliseconds: 4000, contactID: "a"))
            try await harness.tell(host, "receive", text("1", to: "a"), session: "x")
            try await wait("the first is on its way") { await harness.platform.posts().count == 1 }
            try await harness.tell(host, "receive", text("2", to: "a"), session: "y")
            try await harness.tell(host, "receive", text("3", to: "b"), session: "z")
            try await wait("all are told") { harness.told.count == 3 }
            let posts = await harness.platform.posts()
            let first = try #require(posts.first)
            let second = try #require(posts.last { $0.contactID == "a" })
            let other = try #require(posts.first { $0.contactID == "b" })
            #expect(second.at >= first.answeredAt)
            #expect(other.at < first.answeredAt)
        }
    }

    @Test(
        "CC-09: illegal contact ids are errors of the script",
        arguments: ["a-b", "x.y", String(repeating: "a", count: 51), "", "josé"])
    func illegalContacts(contact: String) async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let result = try await harness.ask(host, "receive", text("hi", to: contact))
            #expect(result.hasPrefix("invalid: contactId"))
            #expect(await harness.platform.posts().isEmpty)
        }
    }

    @Test("CC-10: phone numbers have one form")
    func phones() async throws {
        let harness = try await CustomHarness()
        try await harness.run(idType: .phone) { host in
            let result4 = try await harness.ask(host, "receive", text("1", to: "+60 17-787 2890"))
            #expect(result4 == "ok")
            let result5 = try await harness.ask(host, "receive", text("2", to: "60177872890"))
            #expect(result5 == "ok")
            let result6 = try await harness.ask(host, "receive", text("3", to: "+0123"))
            #expect(result6.hasPrefix("invalid: contactId"))
            #expect(await harness.platform.posts().map(\.contactID) == ["+60177872890", "+60177872890"])
        }
    }

    @Test("CC-11: texts end at 7,000 units; longer ones are errors, or parts that break no character")
    func longTexts() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let result7 = try await harness.ask(host, "receive", text(String(repeating: "a", count: 7000)))
            #expect(result7 == "ok")
            let long = try await harness.ask(host, "receive", text(String(repeating: "a", count: 7001)))
            #expect(long == "invalid: message.text has 7001 characters, the limit is 7000")
            let whole = String(repeating: "a", count: 6999) + "😀b"
            let args: JSON = ["contact_id": "user_88412", "text": .string(whole), "split": true]
            let result8 = try await harness.ask(host, "receive", args)
            #expect(result8 == "ok")
            let parts = await harness.platform.posts().dropFirst()
            #expect(parts.compactMap { $0.message?["text"]?.string }.joined() == whole)
            #expect(parts.map { String($0.mID.suffix(2)) } == ["_1", "_2"])
            #expect(Set(parts.map { $0.mID.dropLast(2) }).count == 1)
        }
    }

    @Test("CC-12: seconds are not taken for milliseconds")
    func seconds() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let result = try await harness.ask(
                host, "receive", ["contact_id": "u1", "text": "hi", "timestamp": 1_795_251_600])
            #expect(result.hasPrefix("invalid: ") && result.contains("milliseconds"))
            #expect(await harness.platform.posts().isEmpty)
        }
    }

    @Test(
        "CC-13: every limit is an error of the script",
        arguments: [
            (["location": ["latitude": 90.0001, "longitude": 0]], "latitude"),
            (["location": ["latitude": 1, "longitude": "west"]], "longitude"),
            (["quick_reply": ["title": "?", "replies": .array(Array(repeating: "a", count: 11))]], "replies"),
            (
                [
                    "quick_reply": [
                        "title": "?", "replies": [.string(String(repeating: "r", count: 257))],
                    ]
                ], "replies"
            ),
            (
                ["attachment": ["url": .string("https://x.example/" + String(repeating: "u", count: 1983))]],
                "attachment.url"
            ),
            (["attachment": ["url": "https://x.example/a", "type": "sticker"]], "attachment.type"),
        ] as [(JSON, String)])
    func limits(message: JSON, named: String) async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            var args = message.object ?? JSONObject()
            args.append("contact_id", "u1")
            let result = try await harness.ask(host, "receive", .object(args))
            #expect(result != "ok" && result.contains(named), "\(result)")
            #expect(await harness.platform.posts().isEmpty)
        }
    }

    @Test("CC-14: what came through /message is not echoed")
    func ownEcho() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let mID = try #require(await harness.platform.say("hola", to: "u1").mID)
            let args: JSON = ["contact_id": "u1", "text": "hola", "mid": .string(mID)]
            let result9 = try await harness.ask(host, "echo", args)
            #expect(result9.hasPrefix("invalid: mid"))
            #expect(await harness.platform.posts("message_echo").isEmpty)
            let result10 = try await harness.ask(host, "echo", text("(bot) Abrimos a las 9."))
            #expect(result10 == "ok")
            let echo = await harness.platform.posts("message_echo").first
            #expect(echo?.mID.hasPrefix("ec_") == true)
        }
    }

    @Test func aProvidersIDIsReceivedOnce() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            let args: JSON = ["contact_id": "u1", "text": "hola", "provider_id": "wamid.77"]
            try await harness.ask(host, "receive", args)
            let result11 = try await harness.ask(host, "receive", args)
            #expect(result11 == "ok")
            #expect(await harness.platform.posts().count == 1)
        }
    }
}
