internal import CurlHTTP
internal import EventJSON

/// The two requests that give a token.
struct TwinSignIn: Sendable {
    let requester: TwinRequester
    let credentials: TwinCredentials
    let ttl: Duration
    let wallClock: @Sendable () -> Double

    func grant(_ attempt: TwinTokenMachine.Attempt) async throws(TwinError) -> TwinGrant {
        switch attempt {
        case .login: try await grant(loginCall, authorization: .none)
        // The only call that takes the token without the word "Bearer".
        case .refresh(let token, let refreshSecret):
            try await grant(refreshCall(refreshSecret), authorization: .bare(token.secret))
        }
    }

    private var loginCall: TwinCall {
        var call = TwinCall(
            .post, "/auth/login",
            body: .object { writer in
                writer.member("email", credentials.email)
                writer.member("password", credentials.password.exposed)
                writer.member("ttl", Int(ttl.wholeSeconds))
                writer.key("companyId")
                writer.value(credentials.companyID.map { JSON.int(Int64($0)) } ?? .null)
                writer.member("extra", credentials.extra)
            })
        call.secrets = [credentials.password]
        return call
    }

    private func refreshCall(_ refreshSecret: TwinSecret) -> TwinCall {
        var call = TwinCall(
            .post, "/auth/refresh",
            body: .object { writer in
                writer.member("refreshToken", refreshSecret.exposed)
                writer.member("ttl", Int(ttl.wholeSeconds))
            })
        call.secrets = [refreshSecret]
        return call
    }

    private func grant(
        _ call: TwinCall, authorization: TwinRequester.Authorization
    ) async throws(TwinError) -> TwinGrant {
        let response = try await requester.answer(call, authorization: authorization)
        let now = wallClock()
        guard let grant = response.decoded({ TwinGrant($0, ttl: ttl, secondsSince1970: now) }) else {
            throw .undecodable(requester.place(of: call), status: response.status)
        }
        return grant
    }
}
