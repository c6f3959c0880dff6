import Crypto
import EventJSON
import Foundation
import Moonwire
import Synchronization
import Testing

@testable import MoonwireServer

struct WebhookRouteTests {
    private static let secrets = ["TOKEN": "s3cret", "KEY": "k3y", "VERIFY": "ver1fy"]

    /// Keeps what is admitted, as a journal does: once by key.
    private final class Admissions: Sendable {
        private let events = Mutex<[Event]>([])
        let isFull = Mutex(false)

        var all: [Event] { events.withLock { $0 } }

        func admit(_ new: [Event]) throws -> AdmissionReport {
            if isFull.withLock({ $0 }) { throw JournalError(.full, "the disk is full") }
            return events.withLock { events in
                let fresh = new.filter { event in !events.contains { $0.key == event.key } }
                events += fresh
                return AdmissionReport(admitted: fresh.count, duplicates: new.count - fresh.count)
            }
        }
    }

    private func route(_ declaration: WebhookDeclaration, _ admissions: Admissions) -> WebhookRoute {
        WebhookRoute(
            declaration, clock: HostClock { Instant(seconds: 1_800_000_000) }, secret: { Self.secrets[$0] },
            admit: { try admissions.admit($0) })
    }

    private func declaration(_ auth: WebhookDeclaration.Auth) -> WebhookDeclaration {
        WebhookDeclaration(name: "orders", auth: auth, location: "bot.lua:1")
    }

    private func ask(
        _ declaration: WebhookDeclaration, _ admissions: Admissions = Admissions(), _ method: String = "POST",
        path: String = "/hooks/orders", headers: [String] = [], body: String = "{}"
    ) async throws -> Wire.Answer {
        try await withServer([route(declaration, admissions)]) { server in
            try await Wire.open(port: server.port) { wire in
                let lines = ["\(method) \(path) HTTP/1.1", "Host: h", "Content-Length: \(body.utf8.count)"] + headers
                try await wire.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
                return try await wire.answer()
            }
        }
    }

    @Test(arguments: [
        (["Authorization: Bearer s3cret"], 200), (["authorization: bearer   s3cret"], 200), ([], 401),
        (["Authorization: Bearer s3cre"], 401), (["Authorization: Bearer s3cret2"], 401),
        (["Authorization: Bearer"], 401), (["Authorization: Basic s3cret"], 401),
        (["Authorization: Bearer s3cret", "Authorization: Bearer s3cret"], 401),
        (["Authorization: Bearer s3cret x"], 401),
    ])
    func aBearerTokenOpens(_ headers: [String], _ status: Int) async throws {
        let admissions = Admissions()
        let answer = try await ask(declaration(.bearer(secret: "TOKEN")), admissions, headers: headers)
        #expect(answer.status == status)
        #expect(admissions.all.count == (status == 200 ? 1 : 0))
        #expect(status == 200 || answer.headers["www-authenticate"] == "Bearer")
    }

    @Test func aSecretThatIsNotConfiguredOpensNothing() async throws {
        let answer = try await ask(
            declaration(.bearer(secret: "ABSENT")), headers: ["Authorization: Bearer "])
        #expect(answer.status == 401)
    }

    @Test func aSignatureOverTheBodyOpens() async throws {
        var terms = WebhookDeclaration.Signature(secret: "KEY", header: "x-hub-signature-256")
        terms.prefix = "sha256="
        let body = #"{"n":1}"#
        let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: SymmetricKey(data: Array("k3y".utf8)))
        let hex = code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let admissions = Admissions()
        let webhook = declaration(.signature(terms))
        let good = try await ask(
            webhook, admissions, headers: ["X-Hub-Signature-256: sha256=\(hex)"], body: body)
        #expect(good.status == 200)
        for header in [
            "X-Hub-Signature-256: \(hex)", "X-Hub-Signature-256: sha256=\(hex.dropLast(2))", "X-Other: 1",
            "X-Hub-Signature-256: sha256=zz", "X-Hub-Signature-256: sha256=+1\(hex.dropFirst(2))",
        ] {
            let bad = try await ask(webhook, admissions, headers: [header], body: body)
            #expect(bad.status == 401)
        }
        let changed = try await ask(
            webhook, admissions, headers: ["X-Hub-Signature-256: sha256=\(hex)"], body: #"{"n":2}"#)
        #expect(changed.status == 401)
        #expect(admissions.all.count == 1)
    }

    @Test(arguments: [(1_800_000_000, 200), (1_799_999_800, 200), (1_799_999_600, 401), (1_800_000_301, 401)])
    func aSignatureWithATimeIsOfNow(_ time: Int, _ status: Int) async throws {
        var terms = WebhookDeclaration.Signature(secret: "KEY", header: "x-signature")
        terms.algorithm = .sha512
        terms.encoding = .base64
        terms.timestamp = WebhookDeclaration.Timestamp(header: "x-time", tolerance: .seconds(300))
        terms.signed = "v0:{timestamp}:{body}"
        let code = HMAC<SHA512>.authenticationCode(
            for: Array("v0:\(time):{}".utf8), using: SymmetricKey(data: Array("k3y".utf8)))
        let answer = try await ask(
            declaration(.signature(terms)),
            headers: ["X-Signature: \(Data(code).base64EncodedString())", "X-Time: \(time)"])
        #expect(answer.status == status)
    }

    @Test func theJournalKeepsTheRequestWithoutWhatOpenedTheDoor() async throws {
        let admissions = Admissions()
        _ = try await ask(
            declaration(.bearer(secret: "TOKEN")), admissions, path: "/hooks/orders?a=1&copy=s3cret",
            headers: [
                "Authorization: Bearer s3cret", "Cookie: c=1", "X-Copy: is s3cret", "X-Kept: 1", "X-Kept: 2",
                "Content-Type: application/json",
            ], body: #"{"n":"é"}"#)
        let event = try #require(admissions.all.first)
        #expect(event.name == "webhook:orders" && event.channel == .host && event.from == nil)
        #expect(event.session?.id == SessionID(channel: .host, id: "webhook:orders:\(event.id)"))
        let raw = try JSON(parsing: event.raw.bytes)
        #expect(raw["method"]?.string == "POST" && raw["path"]?.string == "/hooks/orders")
        #expect(raw["query"]?["a"]?.string == "1" && raw["query"]?["copy"]?.string == "***")
        #expect(raw["headers"]?["x-kept"]?.string == "1, 2" && raw["headers"]?["x-copy"]?.string == "***")
        #expect(raw["body"]?.string == #"{"n":"é"}"#)
        #expect(!event.raw.text.contains("s3cret") && !event.raw.text.contains("cookie"))
    }

    @Test(arguments: [
        WebhookDeclaration.Place.header("x-id"), .body(pointer: "/entry/0/id"), .body(pointer: "/a~1b"),
    ])
    func aRepeatIsAnsweredAndDropped(_ identity: WebhookDeclaration.Place) async throws {
        let admissions = Admissions()
        var webhook = declaration(.open)
        webhook.identity = identity
        for _ in 0..<2 {
            let answer = try await ask(
                webhook, admissions, headers: ["X-Id: e1"], body: #"{"entry":[{"id":"e1"}],"a/b":"e1"}"#)
            #expect(answer.status == 200)
        }
        #expect(admissions.all.map(\.id) == ["e1"])
        let unnamed = try await ask(webhook, admissions)
        #expect(unnamed.status == 200)
        let again = try await ask(webhook, admissions)
        #expect(again.status == 200)
        #expect(admissions.all.count == 3)
    }

    /// Requests in one session wait for each other.
    private func sessions(
        _ ordering: WebhookDeclaration.Ordering, _ requests: [(headers: [String], body: String)]
    ) async throws -> [String] {
        let admissions = Admissions()
        var webhook = declaration(.open)
        webhook.ordering = ordering
        for request in requests {
            let answer = try await ask(webhook, admissions, headers: request.headers, body: request.body)
            #expect(answer.status == 200)
        }
        return admissions.all.compactMap(\.session?.id.id)
    }

    @Test func requestsAreHandledEachByItselfOrAllInARow() async throws {
        let requests = [(headers: [String](), body: "{}"), (headers: [], body: "{}")]
        let free = try await sessions(.none, requests)
        #expect(Set(free).count == 2)
        let row = try await sessions(.all, requests)
        #expect(row == ["webhook:orders", "webhook:orders"])
    }

    @Test(arguments: [WebhookDeclaration.Place.header("x-from"), .body(pointer: "/message/from")])
    func requestsAboutOneContactWaitForEachOther(_ place: WebhookDeclaration.Place) async throws {
        func request(_ from: String) -> (headers: [String], body: String) {
            (["X-From: \(from)"], #"{"message":{"from":"\#(from)"}}"#)
        }
        let first = "+5215512345678"
        let found = try await sessions(
            .by(place), [request(first), request("+60177872890"), request(first), ([], "{}"), ([], "{}")])
        try #require(found.count == 5)
        #expect(found[0] == found[2])
        #expect(Set(found).count == 4)
        // Sessions stand in logs.
        #expect(!found.joined().contains("55123"))
    }

    @Test func aGetSaysWhatTheAddressIs() async throws {
        let answer = try await ask(declaration(.bearer(secret: "TOKEN")), Admissions(), "GET")
        #expect(answer.status == 200)
        #expect(answer.body == "This is a webhook of a chat bot. It takes POST.\n")
    }

    @Test func aProviderVerifiesTheAddress() async throws {
        var webhook = declaration(.bearer(secret: "TOKEN"))
        webhook.verification = .init(secret: "VERIFY", tokenMember: "hub.verify_token", echoMember: "hub.challenge")
        let path = "/hooks/orders?hub.mode=subscribe&hub.challenge=42&hub.verify_token="
        let good = try await ask(webhook, Admissions(), "GET", path: path + "ver1fy")
        #expect(good.status == 200 && good.body == "42")
        let bad = try await ask(webhook, Admissions(), "GET", path: path + "other")
        #expect(bad.status == 403)
    }

    @Test func theAnswerIsWhatTheScriptSays() async throws {
        var webhook = declaration(.open)
        webhook.answer.status = 202
        webhook.answer.contentType = "text/plain"
        webhook.answer.body = "EVENT_RECEIVED"
        let answer = try await ask(webhook)
        #expect(answer.status == 202 && answer.body == "EVENT_RECEIVED")
        #expect(answer.headers["content-type"] == "text/plain")
    }

    @Test func whatIsCalledJSONMustBeJSON() async throws {
        let admissions = Admissions()
        for body in ["{", "{}x", String(repeating: "[", count: 100_000)] {
            let answer = try await ask(
                declaration(.open), admissions, headers: ["Content-Type: application/json"], body: body)
            #expect(answer.status == 400)
        }
        let form = try await ask(
            declaration(.open), admissions, headers: ["Content-Type: application/x-www-form-urlencoded"], body: "a=1")
        #expect(form.status == 200)
        #expect(admissions.all.count == 1)
    }

    @Test func aJournalThatRefusesIsA503() async throws {
        let admissions = Admissions()
        admissions.isFull.withLock { $0 = true }
        let refused = try await ask(declaration(.open), admissions)
        #expect(refused.status == 503)
        #expect(refused.headers["retry-after"] == "5")
        admissions.isFull.withLock { $0 = false }
        let taken = try await ask(declaration(.open), admissions)
        #expect(taken.status == 200)
        #expect(admissions.all.count == 1)
    }
}
