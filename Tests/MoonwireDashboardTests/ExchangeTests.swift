import EventJSON
import Moonwire
import Testing

@testable import MoonwireDashboard

struct ExchangeTests {
    @Test func withoutSigningInThereIsNoToken() async {
        let stage = Stage()
        let answer = await stage.exchange(cookie: nil)
        #expect(answer.status == 401 && answer.code == "sign_in")
        #expect(stage.engine.events.isEmpty)
    }

    @Test func signingInGivesACookieAndThatATokenForOneConversation() async throws {
        let stage = Stage()
        let cookie = await stage.signIn()
        let answer = await stage.exchange(cookie: cookie)
        #expect(answer.status == 200)
        let token = try DashboardToken.read(
            try #require(answer.json["token"]?.string), stage.dashboard.keys, now: stage.time.now)
        #expect(token.conversation == 4182 && token.account == 7 && token.inbox == 12)
        #expect(token.agent == Operator(id: "55", name: "Sami"), "from signing in, whatever a page says")
        #expect(token.expires - token.issued == 300)
        #expect(stage.engine.names == [PanelEvent.opened])
        let event = try #require(stage.engine.events.first)
        #expect(event.sessionID == SessionID(channel: "desk", id: "4182") && event.session?.client?.name == "Huda")
        #expect(event.raw.text.contains(#""operator":{"id":"55","name":"Sami"}"#))
    }

    @Test func theCookieIsForThisOriginAndForThePlaceOfThePage() async throws {
        let stage = Stage()
        let login = await stage.send("POST", "login", ["app": "orders", "token": "token-of-sami"])
        let answer = await stage.send(
            "POST", "sign-in", ["app": "orders", "code": try #require(login.json["code"])])
        let cookie = try #require(answer.headers.first { $0.name == "set-cookie" }?.value)
        #expect(cookie.hasPrefix("__Host-"))
        for attribute in ["Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned", "Max-Age=43200"] {
            #expect(cookie.contains("; " + attribute))
        }
        #expect(!cookie.contains("Domain"))
    }

    @Test(arguments: [
        Stage.hint(4184), Stage.hint(account: 8), Stage.hint(inbox: 13), Stage.hint(contact: 1), Stage.hint(999_999),
    ])
    func whatIsMissingAndWhatIsForeignGetOneAnswer(_ hint: JSON) async {
        let stage = Stage()
        let cookie = await stage.signIn()
        let begun = ContinuousClock.now
        let answer = await stage.exchange(hint, cookie: cookie)
        #expect(answer.status == 403 && answer.code == "refused")
        #expect(ContinuousClock.now - begun >= .milliseconds(400))
        #expect(stage.engine.events.isEmpty)
    }

    @Test func somebodyWhoIsNotOfTheAccountIsRefused() async throws {
        let stage = Stage()
        let login = await stage.send("POST", "login", ["app": "orders", "token": "token-of-a-stranger"])
        let signedIn = await stage.send(
            "POST", "sign-in", ["app": "orders", "code": try #require(login.json["code"])])
        let answer = await stage.exchange(cookie: signedIn.cookie)
        #expect(answer.status == 403 && answer.code == "refused")
    }

    @Test func aCodeIsGoodOnceAndForAMinute() async throws {
        let stage = Stage()
        let login = await stage.send("POST", "login", ["app": "orders", "token": "token-of-sami"])
        let body: JSON = ["app": "orders", "code": try #require(login.json["code"])]
        let first = await stage.send("POST", "sign-in", body)
        let second = await stage.send("POST", "sign-in", body)
        #expect(first.status == 200 && second.status == 401 && second.code == "wrong_code")
        let late = await stage.send("POST", "login", ["app": "orders", "token": "token-of-sami"])
        stage.time.now = stage.time.now + .seconds(61)
        let answer = await stage.send("POST", "sign-in", ["app": "orders", "code": try #require(late.json["code"])])
        #expect(answer.code == "wrong_code")
    }

    @Test func aPairingCodeSignsOnePersonIn() async throws {
        let stage = Stage()
        let made = try await stage.dashboard.pair("LAYLA", app: "orders")
        let pairing = try #require(made)
        #expect(pairing.person.id == "56")
        let spoken = pairing.code.lowercased().prefix(5) + " - " + pairing.code.dropFirst(5)
        let answer = await stage.send("POST", "pair", ["app": "orders", "code": .string(String(spoken))])
        #expect(answer.status == 200 && answer.json["name"] == "Layla")
        #expect(await stage.exchange(cookie: answer.cookie).json["agent"]?["id"] == "56")
        let nobody = try await stage.dashboard.pair("nobody", app: "orders")
        #expect(nobody == nil)
    }

    @Test func aLaunchKeyLetsReadAndNothingElse() async throws {
        let stage = Stage()
        let body: JSON = ["app": "orders", "hint": Stage.hint(), "key": "0123456789abcdef0123456789abcdef"]
        let answer = await stage.send("POST", "session", body)
        #expect(answer.status == 200 && answer.json["scopes"] == ["read"] && answer.json["agent"] == .null)
        let token = answer.json["token"]?.string
        let state = await stage.send("GET", "state", token: token, query: [("conversation", "4182")])
        #expect(state.status == 200)
        let action = await stage.send(
            "POST", "action", ["conversation": 4182, "action": "pause"], token: token,
            headers: [("idempotency-key", "a")])
        #expect(action.status == 403 && action.code == "scope")
        let wrong = await stage.send(
            "POST", "session", ["app": "orders", "hint": Stage.hint(), "key": "0123456789abcdef0123456789abcdee"])
        #expect(wrong.status == 401)
    }

    @Test func guessingIsSlowedDown() async {
        let stage = Stage()
        var codes: [String?] = []
        for _ in 0..<12 {
            codes.append(await stage.send("POST", "pair", ["app": "orders", "code": "AAAAAAAAAA"]).code)
        }
        #expect(codes.prefix(10).allSatisfy { $0 == "wrong_code" } && codes.suffix(2) == ["too_many", "too_many"])
        stage.time.now = stage.time.now + .seconds(61)
        #expect(await stage.send("POST", "pair", ["app": "orders", "code": "AAAAAAAAAA"]).code == "wrong_code")
    }

    @Test func anOpenPageRenewsItsTokenWithoutOpeningTheSessionAnew() async throws {
        let stage = Stage()
        let cookie = await stage.signIn()
        let token = await stage.exchange(cookie: cookie).json["token"]?.string
        stage.time.now = stage.time.now + .seconds(400)
        let again = await stage.send(
            "POST", "session", ["app": "orders", "hint": Stage.hint()], token: token, cookie: cookie)
        #expect(again.status == 200 && stage.engine.names == [PanelEvent.opened])
        let other = await stage.send(
            "POST", "session", ["app": "orders", "hint": Stage.hint(4183)], token: token, cookie: cookie)
        #expect(other.status == 200 && stage.engine.names.count == 2)
    }

    @Test func aJournalThatRefusesGivesNoToken() async {
        let stage = Stage()
        let cookie = await stage.signIn()
        stage.engine.refuse()
        let answer = await stage.exchange(cookie: cookie)
        #expect(answer.status == 503 && answer.json["token"] == nil)
    }
}
