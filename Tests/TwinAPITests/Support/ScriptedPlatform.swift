import CurlHTTP
import EventJSON
import Synchronization
import TwinAPI

/// A platform made of two functions, one for the requests that sign in and one for all others.
///
/// Gives answers, remembers what was asked, and knows how many sign-ins were under way at once.
final class ScriptedPlatform: TwinTransport {
    /// Answers a request; requests of each kind are counted from 1.
    typealias Reply = @Sendable (_ request: HTTPRequest, _ number: Int) async throws(HTTPError) -> HTTPResponse

    private struct State {
        var sent: [HTTPRequest] = []
        var watchers: [(count: Int, wake: CheckedContinuation<Void, Never>)] = []
        var signingIn = 0
        var mostSigningIn = 0
    }

    private let signIn: Reply
    private let reply: Reply
    private let state = Mutex(State())

    init(signIn: @escaping Reply = { _, number in .signedIn(number) }, reply: @escaping Reply) {
        self.signIn = signIn
        self.reply = reply
    }

    convenience init(status: Int = 200, _ body: String = "", headers: [HTTPHeader] = []) {
        self.init { _, _ in .init(status, body, headers: headers) }
    }

    /// The last answer stays, so that a test which asks too often fails on the requests it counts.
    convenience init(_ answers: [(status: Int, body: String)]) {
        self.init { _, number in
            let answer = answers[min(number, answers.count) - 1]
            return .init(answer.status, answer.body)
        }
    }

    var all: [HTTPRequest] { state.withLock { $0.sent } }
    var requests: [HTTPRequest] { all.filter { !$0.isSignIn } }
    var signIns: [HTTPRequest] { all.filter(\.isSignIn) }
    var mostSignInsAtOnce: Int { state.withLock { $0.mostSigningIn } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let isSignIn = request.isSignIn
        let (number, ready) = state.withLock { state in
            state.sent.append(request)
            if isSignIn { state.signingIn += 1 }
            state.mostSigningIn = max(state.mostSigningIn, state.signingIn)
            let count = state.sent.count
            let ready = state.watchers.filter { $0.count <= count }.map(\.wake)
            state.watchers.removeAll { $0.count <= count }
            return (state.sent.count { $0.isSignIn == isSignIn }, ready)
        }
        ready.forEach { $0.resume() }
        guard isSignIn else { return try await reply(request, number) }
        defer { state.withLock { $0.signingIn -= 1 } }
        return try await signIn(request, number)
    }

    /// Waits until so many requests were sent, signing in included.
    func reached(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.sent.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}

extension HTTPRequest {
    var isSignIn: Bool { url.contains("/auth/") }

    /// Method and path behind the host, as they go on the wire.
    var line: String {
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        return "\(method.rawValue) /\(parts.dropFirst(3).first ?? "")"
    }

    var json: JSON? {
        guard case .bytes(let bytes, "application/json") = body else { return nil }
        return try? JSON(parsing: bytes)
    }

    /// `name=text` or `name=filename:type` for every part of a multipart body.
    var parts: [String] {
        guard case .multipart(let parts) = body else { return [] }
        return parts.map { part in
            if let filename = part.filename { return "\(part.name)=\(filename):\(part.contentType ?? "")" }
            guard case .bytes(let bytes) = part.content else { return part.name }
            return "\(part.name)=\(String(decoding: bytes, as: UTF8.self))"
        }
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

extension HTTPResponse {
    init(_ status: Int, _ body: String = "", headers: [HTTPHeader] = []) {
        self.init(status: status, headers: .init(headers), body: Array(body.utf8))
    }

    /// The answer to a sign-in: tokens that name their number and, in every test, must not be printed.
    static func signedIn(_ number: Int) -> HTTPResponse {
        .init(200, #"{"token":"token-\#(number)-SECRET","refreshToken":"refresh-\#(number)-SECRET"}"#)
    }
}
