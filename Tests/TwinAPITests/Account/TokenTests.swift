import EventJSON
import Testing

@testable import TwinAPI

@Suite struct TokenTests {
    private func grant(_ body: String, now: Double = 1000) -> TwinGrant? {
        try? JSONParser().parse(Array(body.utf8)) { TwinGrant($0, ttl: .seconds(500), secondsSince1970: now) }
    }

    private func life(_ claims: String, now: Double = 1000) -> Duration? {
        grant(#"{"token":"\#(jwt(claims))"}"#, now: now)?.life
    }

    @Test func theTokenSaysHowLongItLives() {
        #expect(life(#"{"exp":1600}"#) == .seconds(600))
        #expect(life(#"{"exp":1600.5,"iat":900}"#) == .seconds(600.5))
        #expect(life(#"{"exp":1600.5,"name":"Оператор ✓","roles":["a","b"]}"#) == .seconds(600.5))
    }

    @Test func aTokenThatDoesNotSayLivesAsLongAsWasAskedFor() {
        for claims in ["{}", #"{"exp":"soon"}"#, #"{"exp":null}"#, "[]", ""] { #expect(life(claims) == .seconds(500)) }
        for token in ["opaque", "a.b", "a.b.c", "..", "a.%%%.c"] {
            #expect(grant(#"{"token":"\#(token)"}"#)?.life == .seconds(500))
        }
    }

    @Test func clocksThatDifferDoNotMakeATokenOver() {
        #expect(life(#"{"exp":1600,"iat":1000}"#, now: 5000) == .seconds(600))
        #expect(life(#"{"exp":1600,"iat":1000}"#, now: 10) == .seconds(600))
        #expect(life(#"{"exp":1600}"#, now: 5000) == .seconds(500))
    }

    @Test(arguments: ["{}", "[]", "null", #"{"token":null}"#, #"{"token":""}"#, #"{"token":5}"#])
    func anAnswerWithoutATokenIsNone(body: String) {
        #expect(grant(body) == nil)
    }
}
