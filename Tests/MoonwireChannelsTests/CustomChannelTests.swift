import CustomChannelAPI
import EventJSON
import Foundation
import Moonwire
import PlatformSimulator
import SQLiteJournal
import Testing

@testable import MoonwireChannels

/// What a custom channel does besides the protocol's own cases.
@Suite struct CustomChannelTests {
    @Test func aFullDiskIs503AndNothingIsLostOnceThereIsRoom() async throws {
        let harness = try await CustomHarness()
        let journal = FillingJournal()
        let script = #"bot.on("message.created", function(event) bot.log.info("told got " .. event.message.text) end)"#
        try await harness.run(script, journal: journal) { _ in
            journal.setFull(true)
            let refused = await harness.platform.say("hola", to: "u1")
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] != nil)
            #expect(refused.mID == nil)
            journal.setFull(false)
            #expect(await harness.platform.say("hola", to: "u1").status == 200)
            try await wait("it is handled") { harness.told == ["got hola"] }
        }
    }

    @Test func aRunsOwnSessionSpeaksAsTheCustomer() async throws {
        let harness = try await CustomHarness()
        let script = """
            bot.on("message.created", function(event, session)
              session:reply("hola")
              session:location { latitude = 1.5, longitude = 2.5, address = "Centro" }
              session:attach { url = "https://f.example/a.png", caption = "Otoño" }
              session:attach { url = "https://f.example/a.pdf", caption = "La guía" }
              session:quick_replies { text = "¿Sí?", replies = { "Sí", "No" } }
            end)
            """
        try await harness.run(script) { _ in
            #expect(await harness.platform.say("hola", to: "u1").status == 200)
            // The file's words are a message of their own, and the sixth is beyond the limit of answers.
            try await wait("five are there") { await harness.platform.posts("message").count == 5 }
            let messages = await harness.platform.posts("message").compactMap(\.message)
            #expect(
                messages == [
                    ["type": "text", "text": "hola"],
                    ["type": "location", "latitude": 1.5, "longitude": 2.5, "address": "Centro"],
                    [
                        "type": "attachment",
                        "attachment": [
                            "type": "image", "url": "https://f.example/a.png", "fileName": "a.png",
                            "description": "Otoño",
                        ],
                    ],
                    [
                        "type": "attachment",
                        "attachment": ["type": "file", "url": "https://f.example/a.pdf", "fileName": "a.pdf"],
                    ], ["type": "text", "text": "La guía"],
                ])
        }
    }

    @Test func numberedRepliesComeBackAsTheirWords() async throws {
        let harness = try await CustomHarness()
        let script =
            CustomHarness.obeying
            + #"bot.on("message.created", function(event) bot.log.info("told got " .. event.message.text) end)"#
        try await harness.run(script, tune: { $0.quickReplies = .numbered }) { host in
            let question = #"{"type":"quick_reply","title":"¿Le sirvió?","replies":["Sí","No"]}"#
            #expect(await harness.platform.send(json: question, to: "u1").status == 200)
            try await wait("it is asked") { harness.log.text.contains("2. No") }
            try await harness.tell(host, "receive", ["contact_id": "u1", "text": "2"])
            try await wait("it is answered") { await harness.platform.posts("message").count == 1 }
            #expect(await harness.platform.posts("message").first?.message == ["type": "text", "text": "No"])
        }
    }

    @Test func receiptsThatAShutdownCutOffGoOutAfterTheNextStart() async throws {
        let harness = try await CustomHarness()
        let script = #"bot.on("message.created", function(event) event:fail("no route") end)"#
        try await harness.withJournalFile { path in
            await harness.platform.fail(CustomFault(status: 503, count: 0))
            try await harness.run(script, journal: try SQLiteJournal(path: path)) { _ in
                #expect(await harness.platform.say("hola", to: "u1").status == 200)
                try await wait("the receipt is tried") { await !harness.platform.posts().isEmpty }
            }
            await harness.platform.heal()
            try await harness.run(script, journal: try SQLiteJournal(path: path)) { _ in
                try await wait("the receipt is there") {
                    await harness.platform.messages(of: "u1").first?.status == "failed"
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 5, 6])
    func receiptsOfAnEarlierProcessAreFoundHoweverManyTheyAre(page: Int) async throws {
        let journal = MemoryJournal()
        let memory = CustomMemory("tienda") { operations in
            try await withCheckedThrowingContinuation { continuation in
                let entries = operations.map { JournalEntry.keep($0, at: Instant(seconds: 1000)) }
                journal.append(
                    JournalBatch(entries: entries, mayFail: true) { result in
                        continuation.resume(
                            with: Result {
                                try result.get().compactMap { entry -> RawJSON? in
                                    if case .stored(let value) = entry { value } else { nil }
                                }
                            })
                    })
            }
        }
        let messages = (1...5).map { "out_\($0)" }
        for message in messages { try await memory.write([(.receipts(of: message), [1])]) }
        try await memory.write([(.message("out_9"), [1])])
        let found = try await memory.messagesWithReceipts(page: page)
        #expect(found == messages)
    }

    @Test func aReceiptThatIsTriedAgainStaysBeforeWhatComesAfterIt() async throws {
        let harness = try await CustomHarness()
        let script =
            CustomHarness.obeying + #"bot.on("message.created", function(event) event:fail("no route") end)"#
        try await harness.run(script, timing: Self.patient) { host in
            await harness.platform.fail(CustomFault(status: 503, count: 1))
            #expect(await harness.platform.say("hola", to: "u1").status == 200)
            try await wait("the receipt is tried") { await harness.platform.posts().count == 1 }
            try await harness.tell(host, "receive", ["contact_id": "u1", "text": "later"])
            try await wait("all is told") { await harness.platform.posts().count == 3 }
            #expect(await harness.platform.posts().map(\.type) == ["message_status", "message_status", "message"])
        }
    }

    @Test func aTextThatIsTriedAgainIsTheSameWhateverIsAskedMeanwhile() async throws {
        let harness = try await CustomHarness()
        func question(_ title: String, _ replies: String) -> String {
            #"{"type":"quick_reply","title":"\#(title)","replies":[\#(replies)]}"#
        }
        let script = CustomHarness.obeying + #"bot.on("message.created", function() end)"#
        try await harness.run(script, timing: Self.patient, tune: { $0.quickReplies = .numbered }) { host in
            await harness.platform.fail(CustomFault(status: 503, count: 1))
            #expect(await harness.platform.send(json: question("¿Talla?", #""38","39""#), to: "u1").status == 200)
            try await harness.tell(host, "receive", ["contact_id": "u1", "text": "2"])
            try await wait("it is tried") { await harness.platform.posts().count == 1 }
            #expect(await harness.platform.send(json: question("¿Color?", #""rojo","azul""#), to: "u1").status == 200)
            try await wait("it is told") { harness.told == ["ok"] }
            let posts = await harness.platform.posts()
            #expect(posts.map(\.mID).count == 2 && Set(posts.map(\.mID)).count == 1)
            #expect(posts.map { $0.message?["text"]?.string } == ["39", "39"])
        }
    }

    @Test func aPausedOutboxIsTriedNowAndThen() async throws {
        let harness = try await CustomHarness()
        // An hour passes in six seconds.
        let speed = 600.0
        let (start, base) = (ContinuousClock.now, HostClock.system.now)
        let clock = HostClock { base + .milliseconds(Int64((ContinuousClock.now - start) / .milliseconds(1) * speed)) }
        let timing = DeliveryTiming(clock: clock, sleep: { try await Task.sleep(for: $0 / speed) }, random: { 1 })
        try await harness.run(timing: timing) { host in
            await harness.platform.fail(CustomFault(status: 403, count: 3))
            try await harness.tell(host, "receive", ["contact_id": "u1", "text": "1"], session: "a")
            try await wait("the outbox is paused") { harness.count("event channel.disconnected") == 1 }
            try await harness.tell(host, "receive", ["contact_id": "u2", "text": "2"], session: "b")
            try await wait("both are told") { harness.told == ["ok", "ok"] }
            let posts = await harness.platform.posts()
            #expect(posts.map(\.status) == [403, 403, 403, 200, 200])
            let lines = harness.log.text.split(separator: "\n")
            #expect(lines.count { $0.contains("outbox is paused") } == 1)
            #expect(lines.count { $0.contains("outbox goes on") } == 1)
            #expect(harness.count("event channel.disconnected") == 1)
        }
    }

    /// Waits between attempts as long as it may.
    private static let patient = DeliveryTiming(
        clock: DeliveryTiming.system.clock, sleep: DeliveryTiming.system.sleep, random: { 1 })

    @Test func aRefusedReceiptIsBuriedAndTold() async throws {
        let harness = try await CustomHarness()
        let journal = MemoryJournal()
        let script = """
            bot.on("message.created", function(event) event:fail("no route") end)
            bot.on("delivery.failed", { from = "any" }, function(event) bot.log.info("told lost " .. event.id) end)
            """
        try await harness.run(script, journal: journal) { _ in
            await harness.platform.fail(CustomFault(status: 400, body: "unknown message"))
            let mID = try #require(await harness.platform.say("hola", to: "u1").mID)
            try await wait("it is told") { harness.told == ["lost \(mID)"] }
            let letter = try #require(try await journal.deadLetters(limit: 1).first)
            #expect(letter.error.contains("unknown message") && letter.session.id == "u1")
            #expect(!harness.log.text.contains("unknown message"))
        }
    }

    @Test func onlyTheAnswersOfAChannelsOwnMessagesAreCounted() async throws {
        let harness = try await CustomHarness()
        try await harness.run { host in
            // A provider's customer may write as fast as he likes.
            for number in 1...8 {
                let result = try await harness.ask(host, "receive", ["contact_id": "u1", "text": .string("\(number)")])
                #expect(result == "ok")
            }
        }
    }

    @Test func anEventCanBeAnsweredOnACustomChannelOnly() async throws {
        let harness = try await CustomHarness()
        let script = #"""
            bot.on("host:go", { from = "any", owner = "any" }, function(event)
              local ok, problem = pcall(event.fail, event, "no")
              bot.log.info("told " .. tostring(problem))
            end)
            """#
        try await harness.run(script) { host in
            try await harness.tell(host, "receive", .null)
            try await wait("it is told") { !harness.told.isEmpty }
            #expect(harness.told.first?.contains("message.created") == true)
        }
    }

    @Test func turnsAreTakenInOrderAndLeftWhenCancelled() async throws {
        let turns = Turns()
        let (holds, hold) = AsyncStream.makeStream(of: Void.self)
        let (entered, enter) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { () async throws in
                try await turns.with("a") { () async in
                    enter.yield(1)
                    for await _ in holds { return }
                }
            }
            var order = entered.makeAsyncIterator()
            #expect(await order.next() == 1)
            let gone = Task { () async throws in try await turns.with("a") { _ = enter.yield(2) } }
            gone.cancel()
            await #expect(throws: CancellationError.self) { try await gone.value }
            group.addTask { () async throws in try await turns.with("a") { _ = enter.yield(3) } }
            group.addTask { () async throws in try await turns.with("b") { _ = enter.yield(4) } }
            // Another key waits for nobody.
            #expect(await order.next() == 4)
            hold.yield()
            #expect(await order.next() == 3)
            try await group.waitForAll()
        }
    }

    @Test func aCallWhoseAnswerWasLostIsRememberedForHalfAMinute() throws {
        let calls = CustomCalls(most: 1)
        let content = CustomCalls.Content(contact: "u1", message: [1])
        let start = Instant(seconds: 1000)
        guard case .first(let call) = calls.begin(content, at: start) else {
            Issue.record("it is the first")
            return
        }
        guard case .tooMany = calls.begin(CustomCalls.Content(contact: "u2", message: []), at: start) else {
            Issue.record("one at a time")
            return
        }
        calls.answered(call, isWritten: false, at: start)
        guard case .joins(let same) = calls.begin(content, at: start + .seconds(29)) else {
            Issue.record("it is the same")
            return
        }
        #expect(same === call)
        calls.answered(same, isWritten: false, at: start + .seconds(29))
        guard case .waiting = calls.answer(of: call.mID.rawValue, at: start + .seconds(30)) else {
            Issue.record("the platform may still learn of it")
            return
        }
        guard case .first(let next) = calls.begin(content, at: start + .seconds(60)) else {
            Issue.record("it is another")
            return
        }
        #expect(next.mID != call.mID)
        guard case .lost = calls.answer(of: call.mID.rawValue, at: start + .seconds(61)) else {
            Issue.record("the platform never learned of it")
            return
        }
    }
}
