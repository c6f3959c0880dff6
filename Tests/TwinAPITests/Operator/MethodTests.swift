import CurlHTTP
import Testing
import TwinAPI

@Suite struct MethodTests {
    private func platform(takes method: String, else status: Int = 405) -> ScriptedPlatform {
        ScriptedPlatform { request, _ in .init(request.method.rawValue == method ? 200 : status) }
    }

    @Test("T19: where PATCH is not taken PUT is tried, and what worked comes first from then on")
    func remembers() async throws {
        let platform = platform(takes: "PUT")
        let methods = TwinMethods()
        try await Seat(platform).run { seat in
            let api = TwinOperatorAPI(seat.account, methods: methods)
            try await api.activate()
            try await api.activate()
            // Another account of the same host.
            try await TwinOperatorAPI(seat.account, methods: methods).activate()
            try await api.pause()
        }
        #expect(platform.requests.map(\.method.rawValue) == ["PATCH", "PUT", "PUT", "PUT", "PATCH", "PUT"])
        #expect(methods.known(.activate, at: installation.chat) == .put)
        #expect(methods.known(.ban, at: installation.chat) == nil)
        #expect(methods.known(.activate, at: "https://other.example.org") == nil)
    }

    @Test func everyMethodIsTriedAndThenThePlatformIsBelieved() async throws {
        let platform = platform(takes: "GET")
        let error = try await Seat.call(platform) { api in await twinError { try await api.ban(client: "k1") } }
        #expect(error?.code == .methodNotAllowed)
        #expect(error?.message.contains("POST /api/v1/clients/k1/ban") == true)
        #expect(platform.requests.map(\.method.rawValue) == ["PATCH", "PUT", "POST"])
    }

    @Test(arguments: [400, 404, 422, 500])
    func onlyAWrongMethodTriesAnother(status: Int) async throws {
        let platform = platform(takes: "PUT", else: status)
        let error = try await Seat.call(platform) { api in await twinError { try await api.activate() } }
        #expect(error?.status == status)
        #expect(platform.requests.count == 1)
    }

    @Test func theConfigurationHasTheLastWord() async throws {
        let platform = platform(takes: "PATCH")
        var configured = installation
        configured.methods[.activate] = .post
        let error = try await Seat(platform, configured).run { seat in
            try await seat.api.pause()
            return await twinError { try await seat.api.activate() }
        }
        #expect(error?.code == .methodNotAllowed)
        #expect(platform.requests.map(\.method.rawValue) == ["PATCH", "POST"])
    }

    @Test("T08: a session is taken out of help with PUT, where that is not taken with PATCH; 422 is handed up")
    func takes() async throws {
        let platform = platform(takes: "PATCH")
        try await Seat.call(platform) { try await $0.take("s1", as: "389") }
        #expect(
            platform.requests.map(\.line) == [
                "PUT /api/v1/sessions/s1/operators/389", "PATCH /api/v1/sessions/s1/operators/389",
            ])
        let gone = ScriptedPlatform(status: 422)
        let error = try await Seat.call(gone) { api in await twinError { try await api.take("s1", as: "389") } }
        #expect(error?.code == .wrongState)
        #expect(gone.requests.count == 1)
    }

    @Test func endpointsHaveNamesForAConfiguration() {
        #expect(TwinEndpoint.all.map(\.name) == ["activate", "pause", "ban", "unban", "take"])
        #expect(TwinEndpoint(name: "pause") == .pause)
        #expect(TwinEndpoint(name: "login") == nil)
    }
}
