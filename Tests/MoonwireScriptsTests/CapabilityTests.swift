import Moonwire
import Testing

@testable import MoonwireScripts

struct CapabilityTests {
    private func run(_ body: String, methods: Set<String>, bestEffort: Set<String> = [], role: Role = .operator) throws
        -> Rehearsal
    {
        let rehearsal = try Rehearsal(
            "bot.on('message.created', function(event, session)\n\(body)\nend)", role: role, methods: methods,
            bestEffort: bestEffort)
        return try rehearsal.happens(rehearsal.message("hi"))
    }

    @Test func aMissingMethodRaisesUnsupportedWithoutAStep() throws {
        let rehearsal = try run(
            """
            local ok, err = pcall(function() session:transfer { queue = true } end)
            session:reply(err.code .. "|" .. err.message)
            """, methods: ["reply", "label"], role: .client)
        #expect(
            rehearsal.said == [
                "unsupported|bot.lua:2: session:transfer is not possible on hoory in the client role; "
                    + "channel 'shop' offers label, reply"
            ])
        #expect(rehearsal.kinds == ["session:reply"])
    }

    @Test func bestEffortMethodsAreLoggedAndLeftOut() throws {
        let rehearsal = try run(
            "session:typing('1s') session:mark_read() session:reply('x')", methods: ["reply"],
            bestEffort: ["typing", "mark_read"])
        #expect(rehearsal.kinds == ["session:reply"])
        #expect(rehearsal.lines.all.count { $0.contains("is left out") } == 2)
    }

    @Test func buttonsAreAllowedWithoutButtonsUnlessStrict() throws {
        let call = "session:quick_replies { text = 'x', replies = { 'a' } }"
        #expect(try run(call, methods: ["reply"]).replies.first?.quickReplies.count == 1)
        let strict = "session:quick_replies { text = 'x', replies = { 'a' }, strict = true }"
        #expect(try run(strict, methods: ["reply"]).failure?.message.contains("not possible on hoory") == true)
    }

    @Test func canTellsWhatTheChannelOffers() throws {
        let rehearsal = try run(
            "session:reply(tostring(session:can('label')) .. tostring(session:can('ask')) .. tostring(session:can('note')))",
            methods: ["reply", "label"])
        #expect(rehearsal.said == ["truetruefalse"])
    }

    @Test func effectsCarryTheirArguments() throws {
        let rehearsal = try run(
            """
            session:typing("2s") session:transfer { group = "orders", note = "n" } session:label("a", { "b" })
            session:attach { file = "pics/cat.png", caption = "c" } session:attach { data = "\\0\\1", name = "x.bin" }
            session:attach { file = "/files/a.pdf" } session.client:update { name = "Z", attrs = { vip = false } }
            session:refresh() session:reply { text = "t", reply_to = event.message, template = true }
            """, methods: Rehearsal.methods)
        #expect(
            rehearsal.requests.map(\.arguments.text) == [
                #"{"on":true,"duration_ms":2000}"#, #"{"group":"orders","note":"n"}"#, #"{"labels":["a","b"]}"#,
                #"{"file":"pics/cat.png","caption":"c"}"#, #"{"data":"\u0000\u0001","name":"x.bin"}"#,
                #"{"file":"/files/a.pdf"}"#, #"{"client":"5","name":"Z","attrs":{"vip":false}}"#, "{}",
                #"{"text":"t","template":true,"reply_to":"m1"}"#,
            ])
        guard case .file(let path)? = rehearsal.replies.first?.attachments.first?.source else {
            Issue.record("no file")
            return
        }
        #expect(path == "/scripts/pics/cat.png")
    }
}
