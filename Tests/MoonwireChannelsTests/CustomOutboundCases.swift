import EventJSON
import Foundation
import Moonwire
import MoonwireChannels
import PlatformSimulator
import Testing

/// What the platform wants delivered: cases 15 to 25 of the protocol's conformance table.
@Suite struct CustomOutboundCases {
    private static let noting = """
        bot.on("message.created", function(event, session)
          bot.log.info("told got " .. event.id .. " " .. event.message.text)
        end)
        """

    private func body(_ fields: JSON) -> [UInt8] { fields.bytes }

    private func text(_ text: JSON = "hola", channel: JSON? = .string(CustomDemoWorld.channelID)) -> [UInt8] {
        var object: JSONObject = ["contactId": "u1", "message": ["type": "text", "text": text]]
        if let channel { object.append("channelId", channel) }
        return JSON.object(object).bytes
    }

    @Test("CC-15: a text is answered with its mId, and handled once")
    func text() async throws {
        let harness = try await CustomHarness()
        try await harness.run(Self.noting) { _ in
            let answer = await harness.platform.say("Sí, quedan dos pares.", to: "user_88412")
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"]?.hasPrefix("application/json") == true)
            let mID = try #require(answer.mID)
            #expect(mID.wholeMatch(of: /out_[A-Za-z0-9_]{1,46}/) != nil)
            try await wait("it is handled") { !harness.told.isEmpty }
            #expect(harness.told == ["got \(mID) Sí, quedan dos pares."])
            #expect(harness.count("event session.started") == 1)
        }
    }

    @Test(
        "CC-16: every type reaches the script with typed fields",
        arguments: [
            (#"{"type":"text","text":"a"}"#, "text|a"),
            (
                #"{"type":"attachment","attachment":{"type":"image","url":"https://c.example/a.png","mimeType":"image/png","fileName":"a.png","description":"Otoño"}}"#,
                "attachment|Otoño|image|https://c.example/a.png|a.png|image/png"
            ),
            (
                #"{"type":"location","latitude":20.5,"longitude":-103.25,"address":"Centro"}"#,
                "location|Centro|location|20.5|-103.25"
            ),
            (
                #"{"type":"location","location":{"latitude":"20.5","longitude":"-103.25","address":"Centro"}}"#,
                "location|Centro|location|20.5|-103.25"
            ),
            (#"{"type":"quick_reply","title":"¿Sí?","replies":["Sí","No"]}"#, "quick_reply|¿Sí?|Sí|No"),
        ])
    func types(message: String, expected: String) async throws {
        let harness = try await CustomHarness()
        let script = """
            bot.on("message.created", function(event)
              local m = event.message
              local parts = { m.content_type, m.text }
              for _, file in ipairs(m.attachments) do
                for _, key in ipairs { "kind", "url", "latitude", "longitude" } do
                  if file[key] then parts[#parts + 1] = tostring(file[key]) end
                end
                if file.url then
                  parts[#parts + 1] = file.name
                  parts[#parts + 1] = file.mime
                end
              end
              for _, reply in ipairs(m.quick_replies) do parts[#parts + 1] = reply.value end
              bot.log.info("told " .. table.concat(parts, "|"))
            end)
            """
        try await harness.run(script) { _ in
            #expect(await harness.platform.send(json: message, to: "u1").status == 200)
            try await wait("it is handled") { !harness.told.isEmpty }
            #expect(harness.told == [expected])
        }
    }

    @Test(
        "CC-17: whoever has not the token is refused at once, with the body unread",
        arguments: [
            [], ["Bearer"], ["Bearer wrong"], ["Basic \(CustomDemoWorld.token)"],
            ["Bearer \(CustomDemoWorld.token)", "Bearer \(CustomDemoWorld.token)"], ["XXXXXXX\(CustomDemoWorld.token)"],
        ])
    func strangers(authorization: [String]) async throws {
        let harness = try await CustomHarness()
        try await harness.run(Self.noting) { _ in
            var fastest = Double.infinity
            // The other tests take the machine's time too: what counts is that it can be so fast.
            for _ in 1...200 where fastest >= 0.1 {
                let answer = await harness.platform.call(
                    authorization: authorization, body: text(), withholdsBody: true)
                #expect(answer.status == 401)
                #expect(answer.message == "Unauthorized")
                #expect(answer.headers["www-authenticate"] == "Bearer")
                fastest = min(fastest, answer.seconds)
            }
            #expect(fastest < 0.1)
            #expect(harness.told.isEmpty)
        }
    }

    @Test("CC-17: the scheme's case does not matter")
    func scheme() async throws {
        let harness = try await CustomHarness()
        try await harness.run { _ in
            let answer = await harness.platform.call(
                authorization: ["bearer \(CustomDemoWorld.token)"], body: text())
            #expect(answer.status == 200)
        }
    }

    @Test("CC-18: what is no call is refused with its own status, and never hangs")
    func strangeRequests() async throws {
        let harness = try await CustomHarness()
        try await harness.run(Self.noting) { _ in
            for body in ["{", "[]", "null", ""] {
                let answer = await harness.platform.call(body: Array(body.utf8))
                #expect(answer.status == 400)
                #expect(answer.message != nil)
            }
            let large = await harness.platform.call(body: Array(repeating: 0x20, count: 300 << 10))
            #expect(large.status == 413)
            let plain = await harness.platform.call(contentType: "text/plain", body: text())
            #expect(plain.status == 415)
            let get = await harness.platform.call("GET", body: [])
            #expect(get.status == 405)
            #expect(get.headers["allow"] == "POST")
            #expect(get.message?.contains("bonychat channel 'tienda'") == true)
            let elsewhere = await harness.platform.call(path: "/mensaje", body: text())
            #expect(elsewhere.status == 404)
            #expect(elsewhere.message?.contains("/cc/tienda/message") == true)
            let doubled = await harness.platform.call(path: "//message/", body: text())
            #expect(doubled.status == 200)
            try await wait("only that is handled") { harness.told.count == 1 }
        }
    }

    @Test("CC-19: another channel's id is refused, a missing one is taken with a warning")
    func channelIDs() async throws {
        let harness = try await CustomHarness()
        try await harness.run(Self.noting) { _ in
            let other = await harness.platform.call(body: text(channel: "other"))
            #expect(other.status == 400)
            let none = await harness.platform.call(body: text(channel: nil))
            #expect(none.status == 200)
            try await wait("one is handled") { harness.told.count == 1 }
            #expect(harness.log.text.contains("warning A call names no channelId"))
        }
    }

    @Test(
        "CC-20: faults of a message are named",
        arguments: [
            (["type": "reaction"], "'reaction'"), (["type": "texto", "text": "a"], "'texto'"),
            (["text": "a"], "message.type"), (["type": "text"], "message.text"),
            (["type": "text", "text": ""], "message.text"),
        ] as [(JSON, String)])
    func faults(message: JSON, named: String) async throws {
        let harness = try await CustomHarness()
        try await harness.run(Self.noting) { _ in
            let answer = await harness.platform.call(body: body(["contactId": "u1", "message": message]))
            #expect(answer.status == 400)
            #expect(answer.message?.contains(named) == true)
            #expect(answer.mID == nil)
            #expect(harness.told.isEmpty)
        }
    }

    @Test("CC-21: in sync mode a failure is the answer, and no receipt follows")
    func syncFailure() async throws {
        let harness = try await CustomHarness()
        let script = """
            bot.on("message.created", function(event)
              if event.message.text == "error" then error("a secret place") end
              if event.message.text ~= "fine" then event:fail("no route") end
            end)
            """
        try await harness.run(script, tune: { $0.mode = .sync }) { _ in
            let refused = await harness.platform.say("hola", to: "u1")
            #expect(refused.status == 400)
            #expect(refused.body == #"{"error":{"message":"no route"}}"#)
            let failed = await harness.platform.say("error", to: "u1")
            #expect(failed.status == 400)
            #expect(failed.body.contains("secret") == false)
            #expect(await harness.platform.say("fine", to: "u1").status == 200)
            try await Task.sleep(for: .milliseconds(900))
            #expect(await harness.platform.posts().isEmpty)
        }
    }

    @Test(
        "CC-22: in accept mode a failure is one receipt after the answer",
        arguments: [
            (#"event:fail("no route")"#, "no route"),
            (#"error("a secret place")"#, "The bot could not handle the message."),
            (#"event:fail("no route") error("x")"#, "no route"),
        ])
    func acceptFailure(failing: String, reason: String) async throws {
        let harness = try await CustomHarness()
        try await harness.run(#"bot.on("message.created", function(event) \#(failing) end)"#) { _ in
            let mID = try #require(await harness.platform.say("hola", to: "u1").mID)
            try await wait("the receipt is there") {
                await harness.platform.messages(of: "u1").first?.status == "failed"
            }
            try await Task.sleep(for: .milliseconds(700))
            let posts = await harness.platform.posts()
            #expect(posts.map(\.type) == ["message_status"])
            #expect(posts.first?.mID == mID)
            #expect(
                posts.first?.json["events"]?.elements.first?["status"] == [
                    "value": "failed", "message": .string(reason),
                ])
        }
    }

    @Test("CC-23: receipts follow the answer, in order, each once")
    func receipts() async throws {
        let harness = try await CustomHarness()
        let script = """
            bot.on("message.created", function(event)
              local channel = bot.channel("tienda")
              event:bind("sms-77")
              local news = {}
              for _, value in ipairs { "delivered", "read", "delivered" } do
                news[#news + 1] = tostring(channel:receipt { provider_id = "sms-77", value = value })
              end
              bot.log.info("told " .. table.concat(news, " "))
            end)
            """
        try await harness.run(script, tune: { $0.mode = .sync }) { _ in
            let mID = try #require(await harness.platform.say("hola", to: "u1").mID)
            let answeredAt = Date().timeIntervalSince1970
            #expect(harness.told == ["true true false"])
            try await wait("both are there") { await harness.platform.posts().count == 2 }
            try await Task.sleep(for: .milliseconds(300))
            let posts = await harness.platform.posts()
            #expect(
                posts.map { $0.json["events"]?.elements.first?["status"]?["value"]?.string } == ["delivered", "read"])
            #expect(posts.allSatisfy { $0.mID == mID })
            #expect((posts.first?.at ?? 0) - answeredAt > 0.4)
        }
    }

    @Test("CC-24: a repeat of an unanswered call is the same call; after the answer it is another")
    func repeats() async throws {
        let harness = try await CustomHarness()
        let script = """
            bot.on("message.created", function(event)
              bot.log.info("told got " .. event.id)
              bot.channel("tienda"):echo { contact_id = "other", text = "slow" }
            end)
            """
        try await harness.run(script, tune: { $0.mode = .sync }) { _ in
            await harness.platform.fail(CustomFault(milliseconds: 800, contactID: "other"))
            async let first = harness.platform.say("ok", to: "u1")
            try await wait("the first is being handled") { harness.told.count == 1 }
            async let second = harness.platform.say("ok", to: "u1")
            let (one, two) = await (first, second)
            #expect(one.status == 200)
            #expect(one.mID == two.mID)
            #expect(harness.told.count == 1)
            let third = await harness.platform.say("ok", to: "u1")
            #expect(third.status == 200)
            #expect(third.mID != one.mID)
            #expect(harness.told.count == 2)
        }
    }

    @Test("CC-25: a bot that answers every message of a workflow that answers every message is stopped")
    func loops() async throws {
        let harness = try await CustomHarness()
        let script = """
            bot.on("message.created", function(event, session) session:reply("re " .. event.message.text) end)
            """
        // Two minutes pass in twenty seconds.
        let speed = 6.0
        let (start, base) = (ContinuousClock.now, HostClock.system.now)
        let clock = HostClock {
            base + .milliseconds(Int64((ContinuousClock.now - start) / .milliseconds(1) * speed))
        }
        let timing = DeliveryTiming(
            clock: clock, sleep: { try await Task.sleep(for: $0 / speed) }, random: { 0.5 })
        await harness.platform.setWorkflow("¿algo más?")
        try await harness.run(script, timing: timing) { _ in
            var seconds: [Double] = []
            let end = clock.now + .seconds(120)
            while clock.now < end {
                let answer = await harness.platform.say("hola", to: "u1")
                #expect(answer.status == 200)
                try await Task.sleep(for: .milliseconds(100))
                seconds = await harness.platform.posts("message").map {
                    Double($0.json["events"]?.elements.first?["timestamp"]?.int ?? 0) / 1000
                }
            }
            #expect(seconds.count >= 5)
            for second in seconds { #expect(seconds.count { $0 >= second && $0 < second + 60 } <= 5) }
            #expect(harness.notices.all.contains("loop"))
            #expect(!harness.log.text.contains(CustomDemoWorld.token))
        }
    }
}
