import CurlHTTP
import EventJSON
import Testing
import TwinAPI

@Suite struct SecrecyTests {
    private func printed(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    @Test func nothingPrintsASecret() async throws {
        let platform = ScriptedPlatform()
        let seat = Seat(platform)
        let connection = try await seat.run { seat in
            try await seat.api.pause()
            return try await seat.account.connection()
        }
        let credentials = TwinCredentials(
            email: "a@example.org", password: "password-SECRET", extra: ["otp": "otp-SECRET"])
        for value: Any in [connection, connection.data, credentials, credentials.password, seat.api, seat.account] {
            #expect(!printed(value).contains("SECRET"))
        }
        #expect(connection.data.exposed.contains("SECRET"))
    }

    @Test func noErrorRepeatsWhatThePlatformRepeats() async throws {
        let echo = #"{"error":"Refused: token-1-SECRET","details":{"token":"token-1-SECRET"}}"#
        let platform = ScriptedPlatform(status: 422, echo)
        let error = try await Seat(platform).run { seat in await twinError { try await seat.api.finish("s1") } }
        #expect(error?.message.contains("Refused: ***") == true)
        #expect(error.map { !printed($0).contains("SECRET") } == true)
    }

    @Test func noEventRepeatsWhatThePlatformRepeats() async throws {
        let platform = ScriptedPlatform { _, number throws(HTTPError) in
            switch number {
            case 1: .signedIn(1)
            case 2: .init(400, #"{"error":["refresh-1-SECRET","token-1-SECRET"]}"#)
            default: .init(422, #"{"error":{"message":"password-SECRET"}}"#)
            }
        } reply: { _, _ in
            .init(401, #"{"error":"Token is expired. token-1-SECRET"}"#)
        }
        let seat = Seat(platform)
        let error = try await seat.run { seat in await twinError { try await seat.api.pause() } }
        #expect(error.map { !printed($0).contains("SECRET") } == true)
        var events = 0
        for await event in seat.account.events {
            events += 1
            #expect(!printed(event).contains("SECRET"))
        }
        #expect(events == 2)
    }

    @Test func anErrorDoesNotShowANewName() async throws {
        let platform = ScriptedPlatform(status: 422)
        let error = try await Seat(platform).run { seat in
            await twinError { try await seat.api.rename("s1", to: "Ivan") }
        }
        #expect(error?.displayPath == "/api/v1/sessions/s1/names/***")
    }
}
