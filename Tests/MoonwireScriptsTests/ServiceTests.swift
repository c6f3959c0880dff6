import EventJSON
import Moonwire
import Testing

@testable import MoonwireScripts

struct ServiceTests {
    private func run(_ body: String, outcomes: [String: StepOutcome.Result] = [:]) throws -> Rehearsal {
        let rehearsal = try Rehearsal("bot.on('message.created', function(event, session)\n\(body)\nend)")
        rehearsal.outcomes = outcomes
        return try rehearsal.happens(rehearsal.message("hi"))
    }

    @Test func storesAreScopedAndReturnWhatTheyHold() throws {
        let rehearsal = try run(
            """
            bot.store:set("k", { a = 1 }, { ttl = "1d" })
            session.store:set("k", "s")
            client.store = nil
            """)
        #expect(rehearsal.failure != nil)
        let good = try run(
            """
            bot.store:set("k", { a = 1 }, { ttl = "1d" })
            session.store:set("k", "s")
            session.client.store:set("k", 2)
            session:note(bot.store:get("k").a .. session.store:get("k") .. session.client.store:incr("k", 5)
              .. tostring(bot.store:get("none")) .. tostring(bot.store:cas("k", nil, 1)) .. bot.store:keys("")[2])
            bot.store:delete("k")
            session:note(tostring(bot.store:get("k")))
            """)
        #expect(good.said == ["1s7nilfalseb", "nil"])
        let scopes = good.requests.compactMap { request in
            if case .host(.store(let operation)) = request.action { operation.scope } else { nil }
        }
        #expect(Set(scopes) == ["bot:bot", "session:shop/118", "client:shop/5"])
    }

    @Test func aLimitReturnsOkAndTheWait() throws {
        let rehearsal = try run("local ok, wait = bot.limit('x', '3/10s') session:note(tostring(ok) .. wait)")
        #expect(rehearsal.said == ["false30.0"])
        guard case .host(.store(let operation))? = rehearsal.requests.first?.action,
            case .limit(let count, let period) = operation.command
        else {
            Issue.record("no allowance was asked for")
            return
        }
        #expect(count == 3 && period == .seconds(10))
    }

    @Test func anHTTPRequestHidesItsSecretAndItsAnswerIsAnObject() throws {
        let answer = RawJSON(validated: Array(#"{"status":200,"headers":{},"body":"{\"n\":[1,2]}"}"#.utf8))
        let rehearsal = try run(
            """
            local response = bot.http.post("https://api.example.com/x?a=1", { json = { b = 1 }, auth = bot.secret("KEY"),
              query = { q = "a b&c" }, headers = { ["X-Key"] = bot.secret("KEY") } })
            session:note(response.status .. response:json().n[2] .. tostring(bot.secret("KEY")))
            """, outcomes: ["bot.http.post": .value(answer)])
        #expect(rehearsal.said == ["2002***"])
        let request = try #require(rehearsal.requests.first)
        guard case .host(.http(let sent)) = request.action else {
            Issue.record("no request")
            return
        }
        #expect(sent.url == "https://api.example.com/x?a=1&q=a%20b%26c")
        #expect(sent.headers.contains { $0.name == "Authorization" && $0.value == "Bearer s3cret" })
        #expect(sent.headers.contains { $0.name == "X-Key" && $0.value == "s3cret" })
        #expect(sent.headers.contains { $0.name == "Content-Type" && $0.value == "application/json" })
        #expect(sent.body == Array(#"{"b":1}"#.utf8) && !sent.isRepeatable && sent.timeout == .seconds(20))
        #expect(!request.arguments.text.contains("s3cret"))
        #expect(request.arguments.text.contains(#""Authorization":{"bearer":"KEY"}"#))
    }

    @Test(arguments: [
        ("bot.http.get('ftp://x/')", "'url' must be an http or https address, not ftp:"),
        ("bot.http.get('https://user:pw@x/')", "'url' must not hold a user name or password; use auth"),
        ("bot.http.get('http:///x')", "'url' has no host"),
        ("bot.http.get('http://x/a b')", "'url' holds characters that must be escaped"),
        ("bot.http.get('http://x/', { headers = { ['a\\nb'] = 'x' } })", "is no name for a header"),
        ("bot.http.get('http://x/', { headers = { a = 'x\\r\\ny' } })", "header 'a' holds a line break"),
        ("bot.http.post('http://x/', { json = 1, body = 'x' })", "give only one of json and body"),
        ("bot.http.get('http://x/', { auth = 'plain' })", "option 'auth' must be a secret, got \"plain\""),
        ("bot.secret('NONE')", "the configuration has no secret 'NONE'"),
        ("bot.json.encode({ s = bot.secret('KEY') })", "bot.json.encode: 'value'"),
        ("bot.json.decode('{')", "'text' is not JSON"),
    ])
    func aWrongRequestIsRefused(_ line: String, _ expected: String) throws {
        let rehearsal = try run(line)
        #expect(rehearsal.failure?.message.contains(expected) == true, "\(rehearsal.failure?.message ?? "none")")
    }

    @Test func textAndJSONFunctions() throws {
        let rehearsal = try run(
            """
            session:note(bot.text.fold("ÉTÉ") .. tostring(bot.text.contains("Where is my Order?", { "order", "x" }))
              .. bot.text.truncate("abcdef", 4) .. bot.text.format("%03d|%s", 7, "x")
              .. bot.json.encode({ b = 1, a = { 1, 2 } }) .. bot.json.decode("[1,{\\"x\\":2}]")[2].x)
            """)
        #expect(rehearsal.said == [#"etetrueabc…007|x{"a":[1,2],"b":1}2"#])
    }

    @Test func logLinesSayWhereTheyComeFrom() throws {
        let rehearsal = try run("bot.log.warn('low', { left = 3 }) print('printed', 1)")
        #expect(
            rehearsal.lines.all.first
                == "warning: low channel.id=shop run.id=7 script.left=3 script.location=bot.lua:2 script.name=bot session.id=118"
        )
        #expect(rehearsal.lines.all.last?.hasPrefix("info: printed") == true)
    }
}
