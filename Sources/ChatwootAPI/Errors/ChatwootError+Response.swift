internal import CurlHTTP
internal import EventJSON

extension ChatwootError {
    /// What an answer other than success means.
    init(_ response: HTTPResponse, method: HTTPMethod, displayPath: String, secondsSince1970: Double) {
        let words = ServerWords(response.body)
        let code = Self.code(status: response.status, words: words)
        let said = words.text.map { ": \($0)" } ?? ""
        self.init(
            code,
            message: "\(method.rawValue) \(displayPath): \(Self.sentence(for: code)) (\(response.status)\(said)).",
            method: method, displayPath: displayPath, status: response.status, attributes: words.attributes,
            retryAfter: Self.retryAfter(code, response: response, secondsSince1970: secondsSince1970),
            retryable: [.flood, .throttled, .server, .gateway].contains(code),
            isInDoubt: response.status >= 500)
    }

    /// A request that got no answer.
    init(_ error: HTTPError, method: HTTPMethod, displayPath: String) {
        self.init(
            .transport, message: "\(method.rawValue) \(displayPath): \(error.message)", method: method,
            displayPath: displayPath, retryable: error.retryable, mayHaveBeenSent: error.mayHaveBeenSent,
            isInDoubt: error.mayHaveBeenSent, transportError: error)
    }

    /// A success whose body makes no sense. The effect has happened, but what came of it is not known.
    static func undecodable(method: HTTPMethod, displayPath: String, status: Int) -> ChatwootError {
        ChatwootError(
            .undecodable,
            message: "\(method.rawValue) \(displayPath): the answer (\(status)) is not what this API understands.",
            method: method, displayPath: displayPath, status: status, isInDoubt: true)
    }

    /// An endpoint that the installation is known not to have; nothing was sent.
    static func unsupported(_ feature: ChatwootFeature) -> ChatwootError {
        ChatwootError(
            .unsupported,
            message: "This installation does not support \(feature), which came with release \(feature.since).",
            mayHaveBeenSent: false)
    }

    /// The same failure where a crash may also mean that the identity hash is wrong.
    func suspectingIdentity() -> ChatwootError {
        guard code == .server else { return self }
        return ChatwootError(
            .authOrServer,
            message: "\(message) The identity hash may be missing or wrong.",
            method: method, displayPath: displayPath, status: status, isInDoubt: isInDoubt)
    }

    private static func code(status: Int, words: ServerWords) -> Code {
        switch status {
        case 400: .badRequest
        case 401: unauthorizedCode(words)
        case 402: .paymentRequired
        case 403: .forbiddenAction
        case 404: .notFound
        case 408: .gateway
        case 413: .tooLarge
        case 422: words.mentions("too many messages") ? .flood : .validation
        case 429: .throttled
        case 502, 503, 504, 520...530: .gateway
        case 500...: .server
        case 300..<400: .undecodable
        default: .badRequest
        }
    }

    private static func unauthorizedCode(_ words: ServerWords) -> Code {
        if words.mentions("invalid access token") { return .invalidToken }
        if words.mentions("for bots") { return .notForBots }
        if words.mentions("suspended") { return .suspended }
        if words.mentions("not authorized") { return .forbiddenAction }
        return .unauthorized
    }

    private static func sentence(for code: Code) -> String {
        switch code {
        case .unauthorized: "no access token reached the platform"
        case .invalidToken: "the access token is not known"
        case .notForBots: "this needs a user's token, not an agent bot's"
        case .suspended: "the account is suspended"
        case .forbiddenAction: "not allowed"
        case .notFound: "not found"
        case .validation: "the platform refuses the values"
        case .flood: "too many messages in this conversation within a minute"
        case .throttled: "too many requests"
        case .paymentRequired: "the account's plan does not include this"
        case .tooLarge: "the body is too large"
        case .gateway: "the platform is not reachable behind its proxy"
        case .server: "the platform failed"
        case .undecodable: "an unexpected redirect, so the origin may be wrong"
        default: "the platform could not read the request"
        }
    }

    /// The platform names no time by default: its windows end with the full minute.
    private static func retryAfter(_ code: Code, response: HTTPResponse, secondsSince1970: Double) -> Duration? {
        if let named = response.retryAfter { return named }
        switch code {
        case .throttled:
            let intoMinute = secondsSince1970.truncatingRemainder(dividingBy: 60)
            return .milliseconds(Int((60 - max(0, intoMinute)) * 1000))
        case .flood: return .seconds(30)
        default: return nil
        }
    }
}

/// What the platform says in an error's body, of whatever shape.
private struct ServerWords {
    var text: String?
    var attributes: [String] = []

    init(_ body: [UInt8]) {
        guard body.count <= 65_536, let json = try? JSON(parsing: body) else { return }
        let said =
            json["message"]?.string ?? json["error"]?.string ?? json["errors"]?.elements.first?.string
            ?? json["errors"]?.string
        text = said.map { said in
            let cleaned = said.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
            return cleaned.count > 200 ? cleaned.prefix(200) + "…" : cleaned
        }
        attributes = json["attributes"]?.elements.compactMap(\.string) ?? []
    }

    func mentions(_ words: String) -> Bool {
        text?.lowercased().contains(words) ?? false
    }
}
