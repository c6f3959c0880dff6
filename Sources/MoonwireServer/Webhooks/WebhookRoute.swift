import EventJSON
public import Moonwire

/// A script's own route: `/hooks/<name>`.
///
/// What it lets in is in the journal before the caller gets its answer; the run begins after that.
public struct WebhookRoute: InboundRoute {
    public let declaration: WebhookDeclaration
    private let secret: @Sendable (String) -> String?
    private let admit: @Sendable ([Event]) async throws -> AdmissionReport
    private let clock: HostClock

    /// - Parameters:
    ///   - secret: Reads a secret by name.
    ///   - admit: Journals events and hands them to their lanes.
    public init(
        _ declaration: WebhookDeclaration, clock: HostClock = .system, secret: @escaping @Sendable (String) -> String?,
        admit: @escaping @Sendable ([Event]) async throws -> AdmissionReport
    ) {
        self.declaration = declaration
        self.secret = secret
        self.admit = admit
        self.clock = clock
    }

    public var path: String { declaration.path }
    public var bodyLimit: Int { declaration.bodyLimit }
    /// A GET is always answered: it verifies the address, or says what stands there.
    public var methods: Set<String> { declaration.methods.union(["GET"]) }

    public func refusal(of head: InboundHead) async -> InboundResponse? {
        if isPlain(head) { return nil }
        switch declaration.auth {
        case .open: return nil
        case .bearer(let name):
            let token = head.onlyValue(of: "authorization").flatMap(Self.token) ?? ""
            return SecretComparison.matches(token, secret(name) ?? "") ? nil : Self.unauthorized
        case .signature(let terms):
            let signature = WebhookSignature(terms: terms, key: secret(terms.secret) ?? "")
            return signature.complaint(head, now: clock.now).map { .failure(401, $0) }
        }
    }

    public func answer(_ request: InboundRequest) async -> InboundResponse {
        if isPlain(request.head) { return plainAnswer(request.head) }
        if case .signature(let terms) = declaration.auth,
            !WebhookSignature(terms: terms, key: secret(terms.secret) ?? "").isValid(request)
        {
            return .failure(401, "The signature does not match the request")
        }
        let isJSON = request.head.values(of: "content-type").contains { $0.lowercased().contains("json") }
        let tree = try? JSON(parsing: request.body)
        if isJSON, tree == nil, !request.body.isEmpty { return .failure(400, "The body is not JSON") }
        let event = WebhookEvent(declaration: declaration, secrets: secrets).event(of: request, tree, at: clock.now)
        do {
            _ = try await admit([event])
        } catch {
            return .failure(
                503, "The request could not be written down; send it again later", headers: [("retry-after", "5")])
        }
        return InboundResponse(
            status: declaration.answer.status, headers: [("content-type", declaration.answer.contentType)],
            body: .bytes(Array(declaration.answer.body.utf8)))
    }

    /// A GET that is no event.
    private func isPlain(_ head: InboundHead) -> Bool {
        head.method == "GET" && (declaration.verification != nil || !declaration.methods.contains("GET"))
    }

    private func plainAnswer(_ head: InboundHead) -> InboundResponse {
        func member(_ name: String) -> String? { head.query.first { $0.name == name }?.value }
        if let terms = declaration.verification, let token = member(terms.tokenMember) {
            guard SecretComparison.matches(token, secret(terms.secret) ?? ""), let echo = member(terms.echoMember)
            else { return .failure(403, "The token does not match") }
            return Self.text(echo)
        }
        return Self.text(
            "This is a webhook of a chat bot. It takes \(declaration.methods.sorted().joined(separator: " and ")).\n")
    }

    private var secrets: [String] {
        var names: [String] = []
        switch declaration.auth {
        case .open: break
        case .bearer(let name): names.append(name)
        case .signature(let terms): names.append(terms.secret)
        }
        if let verification = declaration.verification { names.append(verification.secret) }
        return names.compactMap(secret)
    }

    private static func text(_ text: String) -> InboundResponse {
        InboundResponse(
            status: 200, headers: [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")],
            body: .bytes(Array(text.utf8)))
    }

    private static var unauthorized: InboundResponse {
        .failure(401, "Unauthorized", headers: [("www-authenticate", "Bearer")])
    }

    private static func token(_ header: String) -> String? {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
