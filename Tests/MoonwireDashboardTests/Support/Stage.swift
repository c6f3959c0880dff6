import EventJSON
import Logging
import Moonwire
import Synchronization

@testable import MoonwireDashboard

/// A dashboard with a made-up platform, engine and clock.
final class Stage: Sendable {
    final class Time: Sendable {
        private let value = Mutex(Instant(seconds: 1_700_000_000))
        var now: Instant {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }

    struct Desk: OperatorDesk {
        let account = "7"

        func deskSession(_ id: String) async throws(ChannelError) -> DeskSession? {
            guard ["4182", "4183"].contains(id) else { return nil }
            let session = Session(
                id: SessionID(channel: "desk", id: id), status: "open", owner: .bot,
                client: Client(id: "90311", name: "Huda"))
            return DeskSession(session: session, account: "7", inbox: "12")
        }

        func deskOperators() async throws(ChannelError) -> [Operator] {
            [Operator(id: "55", name: "Sami", email: "sami@example.com"), Operator(id: "56", name: "Layla")]
        }

        func deskGroups() async throws(ChannelError) -> [String] { ["billing"] }

        func deskOwner(ofToken token: String) async throws(ChannelError) -> Operator? {
            switch token {
            case "token-of-sami": Operator(id: "55", name: "Sami")
            case "token-of-a-stranger": Operator(id: "99", name: "Stranger")
            default: nil
            }
        }
    }

    final class Engine: DashboardEngine {
        struct Refusal: Error {}

        private let state = Mutex((events: [Event](), pauses: 0, refuses: false))
        let watch: SessionWatch

        init(_ watch: SessionWatch) {
            self.watch = watch
        }

        var events: [Event] { state.withLock { $0.events } }
        var names: [String] { events.map(\.name) }
        func refuse() { state.withLock { $0.refuses = true } }

        func admit(_ events: [Event]) async throws -> AdmissionReport {
            try state.withLock { state in
                if state.refuses { throw Refusal() }
                state.events += events
            }
            // Nobody wants them.
            for event in events { watch.note(.unmatched(event)) }
            return AdmissionReport(admitted: events.count, duplicates: 0)
        }

        func pause(_ event: Event, by person: Operator) async throws { _ = try await admit([event]) }
        func resume(_ event: Event) async throws { _ = try await admit([event]) }
        func settle() async {}
    }

    struct Journal: SessionGlancing {
        static let panel = """
            {"rows":[],"buttons":[
              {"label":"Refund","action":"refund","scope":"money"},
              {"label":"Refund","action":"refund","scope":"money","args":{"sum":120.0,"of":["a"]}},
              {"label":"Open","action":"set","scope":"set_open","args":{"to":"open"}},
              {"label":"VIP","action":"set","scope":"set_vip","args":{"to":"vip"}}
            ]}
            """

        func glance(
            of session: SessionID, for person: String?, ended: Int, now: Instant
        ) async throws(JournalError) -> SessionGlance {
            let panel = person == "55" ? Self.panel : #"{"rows":[],"buttons":[]}"#
            return SessionGlance(
                runs: [], panels: ["order": RawJSON(validated: Array(panel.utf8))], pause: nil)
        }
    }

    static let origin = "https://bots.example.com"

    let time = Time()
    let watch = SessionWatch()
    let engine: Engine
    let dashboard: Dashboard
    let api: DashboardAPIRoute

    init(
        keys: SigningKeys = SigningKeys(SigningKeys.Key(id: "1", secret: Array("0123456789abcdef".utf8))),
        _ change: (inout DashboardApp) -> Void = { _ in }
    ) {
        var app = DashboardApp(name: "orders", channel: "desk", origins: ["https://chat.example.com"])
        app.signIn = [.login, .pair, .launchKey]
        app.launchKey = "0123456789abcdef0123456789abcdef"
        change(&app)
        engine = Engine(watch)
        let descriptor = ChannelDescriptor(id: "desk", platform: .bevatel, role: .operator, capabilities: [])
        dashboard = Dashboard(
            [app], desks: [Dashboard.Desk(descriptor, Desk())], engine: engine, journal: Journal(), watch: watch,
            keys: keys, origin: Self.origin, clock: HostClock { [time] in time.now },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        api = DashboardAPIRoute(dashboard)
    }

    struct Answer {
        let status: Int
        let json: JSON
        let headers: [(name: String, value: String)]

        var code: String? { json["error"]?["code"]?.string }
        var cookie: String? {
            headers.first { $0.name == "set-cookie" }?.value.split(separator: ";").first.map(String.init)
        }
    }

    func send(
        _ method: String, _ path: String, _ body: JSON? = nil, token: String? = nil, cookie: String? = nil,
        headers: [(name: String, value: String)] = [], query: [(name: String, value: String)] = []
    ) async -> Answer {
        var all = headers
        if body != nil { all.append(("content-type", "application/json")) }
        if let token { all.append(("authorization", "Bearer " + token)) }
        if let cookie { all.append(("cookie", cookie)) }
        let head = InboundHead(
            id: "1", method: method, path: "/dash/api/" + path, query: query, headers: all, remoteAddress: "127.0.0.1")
        let response: InboundResponse
        if let refusal = await api.refusal(of: head) {
            response = refusal
        } else {
            response = await api.answer(InboundRequest(head: head, body: body?.bytes ?? []))
        }
        var bytes: [UInt8] = []
        if case .bytes(let whole) = response.body { bytes = whole }
        return Answer(status: response.status, json: (try? JSON(parsing: bytes)) ?? .null, headers: response.headers)
    }

    static func hint(_ conversation: Int = 4182, account: Int = 7, inbox: Int = 12, contact: Int? = 90311) -> JSON {
        var hint: JSONObject = [
            "account_id": .int(Int64(account)), "inbox_id": .int(Int64(inbox)),
            "conversation_id": .int(Int64(conversation)),
        ]
        if let contact { hint.append("contact_id", .int(Int64(contact))) }
        return .object(hint)
    }

    /// Signs in as Sami and gives the cookie.
    func signIn() async -> String? {
        let login = await send("POST", "login", ["app": "orders", "token": "token-of-sami"])
        guard let code = login.json["code"] else { return nil }
        return await send("POST", "sign-in", ["app": "orders", "code": code]).cookie
    }

    func exchange(_ hint: JSON = Stage.hint(), cookie: String?) async -> Answer {
        await send("POST", "session", ["app": "orders", "hint": hint], cookie: cookie)
    }

    /// A token of Sami's for a conversation.
    func token(_ conversation: Int = 4182) async -> String? {
        await exchange(Stage.hint(conversation), cookie: await signIn()).json["token"]?.string
    }
}
