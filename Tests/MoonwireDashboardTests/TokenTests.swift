import EventJSON
import Moonwire
import Testing

@testable import MoonwireDashboard

struct TokenTests {
    private let now = Instant(seconds: 1_795_251_600)
    private let old = SigningKeys.Key(id: "2026-11", secret: Array("0123456789abcdef".utf8))
    private let new = SigningKeys.Key(id: "2026-12", secret: Array("fedcba9876543210".utf8))

    private var token: DashboardToken {
        DashboardToken(
            app: "orders", account: 7, inbox: 12, conversation: 4182, agent: Operator(id: "55", name: "Sami"),
            scopes: ["read", "act:handover"], issued: Int(now.seconds), expires: Int(now.seconds) + 300,
            id: "p4Zk2mQx7Rb1")
    }

    @Test func aTokenIsReadAsItWasWritten() throws {
        let keys = SigningKeys(old)
        let text = token.text(keys)
        #expect(text.hasPrefix("v1.") && text.split(separator: ".").count == 3)
        #expect(try DashboardToken.read(text, keys, now: now) == token)
        #expect(token.allows("handover") && !token.allows("pause") && token.canRead)
    }

    @Test func aTokenHoldsTheClaimsOfTheProtocol() throws {
        let payload = try #require(token.text(SigningKeys(old)).split(separator: ".").dropFirst().first)
        let claims = try JSON(parsing: try #require(Base64URL.decode(payload)))
        #expect(claims["kid"] == "2026-11" && claims["aud"] == "dash" && claims["acc"] == 7 && claims["inb"] == 12)
        #expect(claims["cnv"] == 4182 && claims["agt"] == 55 && claims["jti"] == "p4Zk2mQx7Rb1")
        #expect(claims["scp"] == ["read", "act:handover"])
    }

    @Test func anotherKeyTakesOverWhileTheOldOneStillCounts() throws {
        let text = token.text(SigningKeys(old))
        #expect(try DashboardToken.read(text, SigningKeys(new, [old]), now: now) == token)
        #expect(throws: DashboardToken.Failure.invalid) {
            try DashboardToken.read(text, SigningKeys(new), now: now)
        }
    }

    @Test func itsTimeEnds() {
        let keys = SigningKeys(old)
        let text = token.text(keys)
        #expect(throws: Never.self) { try DashboardToken.read(text, keys, now: now + .milliseconds(299_999)) }
        #expect(throws: DashboardToken.Failure.expired) {
            try DashboardToken.read(text, keys, now: now + .seconds(300))
        }
        #expect(throws: DashboardToken.Failure.invalid, "from a host whose clock is far ahead") {
            try DashboardToken.read(text, keys, now: now + .seconds(-31))
        }
        #expect(throws: Never.self) { try DashboardToken.read(text, keys, now: now + .seconds(-30)) }
    }

    @Test func aChangedByteIsNoticedWhereverItStands() {
        let keys = SigningKeys(old)
        let text = Array(token.text(keys))
        for index in text.indices where text[index] != "." {
            var changed = text
            changed[index] = changed[index] == "A" ? "B" : "A"
            #expect(throws: DashboardToken.Failure.invalid) {
                try DashboardToken.read(String(changed), keys, now: now)
            }
        }
    }

    @Test(arguments: ["", ".", "..", "v1..", "v2.e30.e30", "v1.e30", "v1.e30.e30.e30", "v1.!!.!!", "v1.e30.4pyT"])
    func whatIsNoTokenIsNone(_ text: String) {
        #expect(throws: DashboardToken.Failure.invalid) {
            try DashboardToken.read(text, SigningKeys(old), now: now)
        }
    }

    @Test func aSeatIsNoTokenAndATokenNoSeat() {
        let keys = SigningKeys(old)
        let seat = DashboardSeat(app: "orders", person: Operator(id: "55", name: "Sami", email: "s@example.com"))
        let text = seat.text(keys, until: now + .seconds(60))
        #expect(DashboardSeat.read(text, app: "orders", keys, now: now) == seat)
        #expect(DashboardSeat.read(text, app: "other", keys, now: now) == nil)
        #expect(DashboardSeat.read(text, app: "orders", keys, now: now + .seconds(61)) == nil)
        #expect(DashboardSeat.read(token.text(keys), app: "orders", keys, now: now) == nil)
        #expect(throws: DashboardToken.Failure.invalid) { try DashboardToken.read(text, keys, now: now) }
    }

    @Test func equalIsEqual() {
        #expect(Secrecy.isEqual("abc", "abc") && !Secrecy.isEqual("abc", "abd") && !Secrecy.isEqual("abc", "abcd"))
        #expect(Secrecy.isEqual("", "") && !Secrecy.isEqual("", "a"))
    }
}
