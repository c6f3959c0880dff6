internal import CurlHTTP
internal import EventJSON

extension TwinError {
    /// What an answer other than success means. The platform may repeat what it was sent: `secrets` are hidden.
    init(_ response: HTTPResponse, _ place: Place, hiding secrets: [TwinSecret]) {
        let words = ServerWords(response.body, hiding: secrets)
        let code = Self.code(status: response.status)
        let said = words.text.map { ": \($0)" } ?? ""
        self.init(
            code, message: "\(place.sentence): \(Self.sentence(for: code)) (\(response.status)\(said)).", place: place,
            status: response.status, retryAfter: response.retryAfter,
            retryable: [.throttled, .server, .gateway].contains(code),
            isInDoubt: response.status >= 500 || response.status == 408,
            rejection: Self.rejection(status: response.status, words))
    }

    /// A request that got no answer.
    init(_ error: HTTPError, _ place: Place) {
        self.init(
            .transport, message: "\(place.sentence): \(error.message)", place: place, retryable: error.retryable,
            mayHaveBeenSent: error.mayHaveBeenSent, isInDoubt: error.mayHaveBeenSent, transportError: error)
    }

    /// A success whose body makes no sense. The effect has happened, but what came of it is not known.
    static func undecodable(_ place: Place, status: Int) -> TwinError {
        TwinError(
            .undecodable, message: "\(place.sentence): the answer (\(status)) is not what this API understands.",
            place: place, status: status, isInDoubt: true)
    }

    /// A value that would make another request of it; nothing was sent.
    static func unusable(_ what: String, _ value: String) -> TwinError {
        TwinError(.badRequest, message: "\(what) cannot be “\(value)”.", mayHaveBeenSent: false)
    }

    private static func code(status: Int) -> Code {
        switch status {
        case 401: .unauthenticated
        case 403: .forbidden
        case 404: .notFound
        case 405: .methodNotAllowed
        case 413: .tooLarge
        case 422: .wrongState
        case 429: .throttled
        case 408, 502, 503, 504, 520...530: .gateway
        case 500...: .server
        case 300..<400: .undecodable
        default: .badRequest
        }
    }

    private static func sentence(for code: Code) -> String {
        switch code {
        case .unauthenticated: "the platform does not accept the sign-in"
        case .forbidden: "the operator may not do this"
        case .notFound: "not found"
        case .methodNotAllowed: "the platform does not take this method; another can be configured"
        case .tooLarge: "too large for the platform"
        case .wrongState: "not possible in the present state"
        case .throttled: "too many requests"
        case .gateway: "the platform is not reachable behind its proxy"
        case .server: "the platform failed"
        case .undecodable: "an unexpected redirect, so the service's address may be wrong"
        default: "the platform cannot use the values"
        }
    }

    private static func rejection(status: Int, _ words: ServerWords) -> TwinRejection? {
        switch status {
        case 401: words.mentions("expired") ? .expired : nil
        case 403: .forbidden
        default: nil
        }
    }
}
