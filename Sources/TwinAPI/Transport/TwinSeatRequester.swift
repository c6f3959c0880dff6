internal import CurlHTTP
internal import EventJSON

/// Sends requests to one service as a signed-in operator.
///
/// A request that the service refuses because of its token is repeated once, with another token.
struct TwinSeatRequester: Sendable {
    let requester: TwinRequester
    let account: TwinAccount
    let methods: TwinMethods

    init(_ account: TwinAccount, _ service: TwinService, methods: TwinMethods) {
        self.account = account
        self.methods = methods
        requester = TwinRequester(account.installation, service, transport: account.transport)
    }

    /// Sends and hands the answer's JSON to `decode`, which returns nil when it is not what was expected.
    func send<Value>(_ call: TwinCall, decode: (JSONElement) -> Value?) async throws -> Value {
        let response = try await answer(call)
        guard let value = response.decoded(decode) else {
            throw TwinError.undecodable(requester.place(of: call), status: response.status)
        }
        return value
    }

    /// Sends and ignores what the answer holds: where none is published, an empty one is as good.
    func send(_ call: TwinCall) async throws {
        _ = try await answer(call)
    }

    /// Sends to an endpoint whose method is not published: on 405, and only then, with the next method.
    func send(_ endpoint: TwinEndpoint, _ path: RequestPath) async throws {
        let candidates = methods.candidates(
            endpoint, at: requester.address, configured: account.installation.methods[endpoint])
        for (index, method) in candidates.enumerated() {
            do {
                try await send(TwinCall(method, path))
                methods.remember(method, for: endpoint, at: requester.address)
                return
            } catch let error as TwinError where error.code == .methodNotAllowed && index + 1 < candidates.count {
                continue
            }
        }
    }

    /// The answer, of whatever content.
    func answer(_ call: TwinCall) async throws(TwinError) -> HTTPResponse { try await answerAndToken(call).answer }

    /// The answer with the token that it was given to, for those who must hide that one in what they quote.
    func answerAndToken(_ call: TwinCall) async throws(TwinError) -> (answer: HTTPResponse, token: TwinSecret) {
        let place = requester.place(of: call)
        let token: TwinToken
        do throws(TwinError) {
            token = try await account.token()
        } catch {
            throw error.before(place, isRepeat: false)
        }
        do throws(TwinError) {
            return (try await requester.answer(call, authorization: .bearer(token.secret)), token.secret)
        } catch {
            guard let rejection = error.rejection, await account.reject(token, rejection, endpoint: call.endpoint)
            else { throw error }
        }
        let fresh: TwinToken
        do throws(TwinError) {
            fresh = try await account.token(after: token)
        } catch {
            throw error.before(place, isRepeat: true)
        }
        do throws(TwinError) {
            return (try await requester.answer(call, authorization: .bearer(fresh.secret)), fresh.secret)
        } catch {
            if error.rejection == .forbidden { await account.deny(call.endpoint) }
            throw error
        }
    }
}
