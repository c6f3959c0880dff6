import Testing

@testable import PlatformSimulator

/// A Centrifuge connection, spoken by hand.
final class TestStream {
    enum Item: Equatable {
        case message(JSONValue)
        case close(Int, String)
    }

    let webSocket: TestWebSocket
    private var lines: [JSONValue] = []
    private var lastID = 10

    static let path = "/centrifugo/connection/websocket"
    static let personal = "operator:#389"

    init(_ browser: Browser, path: String = path, headers: [String: String] = [:]) async throws {
        webSocket = try await TestWebSocket(browser, path: path, headers: headers)
    }

    /// A connection that an operator's token has opened, and the reply that said so.
    static func open(_ browser: Browser, token: String, subs: JSONValue? = nil) async throws -> (TestStream, JSONValue)
    {
        let stream = try await TestStream(browser)
        try await stream.connect(token: token, subs: subs)
        return (stream, try await stream.reply())
    }

    func connect(token: String, subs: JSONValue? = nil) async throws {
        var body: JSONObject = [
            "data": ["application": "notifications", "settings": ["token": .string(token)]], "name": "test",
        ]
        if let subs { body.add("subs", subs) }
        try await send(["id": 7, "connect": .object(body)])
    }

    /// What recovers the operator's own channel from a position.
    static func since(_ offset: Int, _ epoch: String) -> JSONValue {
        [personal: ["recover": .bool(true), "offset": .int(offset), "epoch": .string(epoch)]]
    }

    func send(_ value: JSONValue) async throws { try await webSocket.send(value.serialized) }

    /// Asks and answers what came back for it; pushes before it are skipped.
    func ask(_ name: String, _ body: JSONValue) async throws -> JSONValue {
        lastID += 1
        let id = lastID
        var command: JSONObject = ["id": .int(id)]
        command.add(name, body)
        try await send(.object(command))
        return try await message { $0["id"] == .int(id) }
    }

    /// The next object or close frame; nil when the connection ended.
    func next() async -> Item? {
        while lines.isEmpty {
            switch await webSocket.next() {
            case .text(let text):
                lines = text.split(separator: "\n").map { (try? JSONValue(parsing: Array($0.utf8))) ?? .string("?") }
            case .close(let code, let reason): return .close(code, reason)
            case .pong: continue
            case nil: return nil
            }
        }
        return .message(lines.removeFirst())
    }

    /// The next object that fits; what comes before it, pings included, is skipped.
    func message(_ fits: (JSONValue) -> Bool) async throws -> JSONValue {
        while let item = await next() {
            if case .message(let value) = item, fits(value) { return value }
        }
        throw Browser.ClosedWithoutAnswer()
    }

    func reply() async throws -> JSONValue { try await message { $0["id"] != nil } }

    /// The next publication.
    func publication() async throws -> JSONValue {
        let push = try await message { $0["push"]?["pub"] != nil }
        return try #require(push["push"]?["pub"])
    }

    /// The data of the next event of a name.
    func event(_ name: String) async throws -> JSONValue {
        while true {
            let publication = try await publication()
            if publication["data"]?["event"] == .string(name) { return publication["data"]?["data"] ?? .null }
        }
    }

    /// The code of the close frame that ends the connection.
    func closure() async -> Int? {
        while let item = await next() {
            if case .close(let code, _) = item { return code }
        }
        return nil
    }
}

/// A logged-in operator of TWIN24 at the HTTP services.
struct TestSeat {
    let browser: Browser
    let token: String
    let refreshToken: String

    init(
        _ browser: Browser, email: String = TwinDemoWorld.operatorEmail,
        password: String = TwinDemoWorld.operatorPassword, ttl: Int = 3600
    ) async throws {
        self.browser = browser
        let answer = try await browser.call(
            "POST", "/iam/api/v1/auth/login",
            ["email": .string(email), "password": .string(password), "ttl": .int(ttl)])
        token = answer["token"]?.string ?? ""
        refreshToken = answer["refreshToken"]?.string ?? ""
    }

    static func colleague(_ browser: Browser) async throws -> TestSeat {
        try await TestSeat(
            browser, email: TwinDemoWorld.colleagueEmail, password: TwinDemoWorld.colleaguePassword)
    }

    func chat(_ method: String, _ path: String, _ json: JSONValue? = nil) async throws -> TestAnswer {
        try await browser.call(method, "/chat/api/v1\(path)", json, headers: ["Authorization": "Bearer \(token)"])
    }

    @discardableResult
    func write(_ text: String, in session: String) async throws -> TestAnswer {
        try await chat("POST", "/sessions/\(session)/operators/messages", ["body": .string(text)])
    }

    func stream(subs: JSONValue? = nil) async throws -> (TestStream, JSONValue) {
        try await TestStream.open(browser, token: token, subs: subs)
    }
}

extension TwinControl {
    /// A session that the demo's operator holds.
    func held(_ text: String? = nil) async throws -> String {
        try await startSession(TwinSessionStart(text, at: .operator(TwinDemoWorld.operatorID))).id
    }
}
