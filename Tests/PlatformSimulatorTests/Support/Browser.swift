@testable import PlatformSimulator

/// An answer as it came over the wire.
struct TestAnswer {
    let status: Int
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

    subscript(key: String) -> JSONValue? { json[key] }
}

/// Asks a simulator over HTTP, with a connection for each request.
struct Browser {
    let port: Int

    /// Nil when the connection was closed without an answer.
    func send(
        _ method: String, _ path: String, type: String? = nil, body: [UInt8] = [], headers: [String: String] = [:]
    ) async throws -> TestAnswer? {
        let socket = try await RawSocket(port: port)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAccept: application/json\r\n"
        for header in headers { head += "\(header.key): \(header.value)\r\n" }
        if let type { head += "Content-Type: \(type)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.count)\r\n" }
        try await socket.send(Array((head + "\r\n").utf8) + body)
        guard let text = await socket.readHead() else { return nil }
        let lines = text.split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            if pair.count == 2 { fields[pair[0].lowercased()] = pair[1].drop { $0 == " " }.description }
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        let content = await socket.readToEnd()
        await socket.close()
        return TestAnswer(status: status, headers: fields, body: content)
    }

    func call(_ method: String, _ path: String, _ json: JSONValue? = nil, headers: [String: String] = [:]) async throws
        -> TestAnswer
    {
        let answer = try await send(
            method, path, type: json == nil ? nil : "application/json", body: json?.bytes() ?? [], headers: headers)
        guard let answer else { throw ClosedWithoutAnswer() }
        return answer
    }

    struct ClosedWithoutAnswer: Error {}

    /// The operator API of the demo account.
    func desk(
        _ method: String, _ path: String, _ json: JSONValue? = nil, token: String = DemoWorld.omarAccessToken
    ) async throws -> TestAnswer {
        try await call(method, "/api/v1/accounts/3\(path)", json, headers: ["api-access-token": token])
    }
}

/// A client's session on the public API.
struct TestClient {
    let browser: Browser
    let path: String
    let token: String

    init(
        _ browser: Browser, source: String = "bot-1", inbox: String = DemoWorld.hooryInboxIdentifier,
        _ parameters: JSONObject = [:]
    ) async throws {
        self.browser = browser
        var parameters = parameters
        parameters["source_id"] = .string(source)
        let base = "/public/api/v1/inboxes/\(inbox)/contacts"
        let answer = try await browser.call("POST", base, .object(parameters))
        token = answer["pubsub_token"]?.string ?? ""
        path = "\(base)/\(source)"
    }

    func call(_ method: String, _ path: String = "", _ json: JSONValue? = nil) async throws -> TestAnswer {
        try await browser.call(method, self.path + path, json)
    }

    func open(_ parameters: JSONValue? = nil) async throws -> Int {
        try await call("POST", "/conversations", parameters)["id"]?.castInt ?? 0
    }

    @discardableResult
    func write(_ text: String, in conversation: Int) async throws -> TestAnswer {
        try await call("POST", "/conversations/\(conversation)/messages", ["content": .string(text)])
    }
}
