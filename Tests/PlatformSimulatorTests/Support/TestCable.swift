import Testing

@testable import PlatformSimulator

/// A WebSocket on `/cable`, spoken by hand.
final class TestCable {
    enum Frame: Equatable {
        case text(JSONValue)
        case pong
        case close(Int)
    }

    private let webSocket: TestWebSocket
    var socket: RawSocket { webSocket.socket }
    var answer: String { webSocket.answer }

    /// Upgrades; the answer's head is kept, whatever it says.
    init(_ browser: Browser, protocols: String? = "actioncable-v1-json, actioncable-unsupported") async throws {
        var headers: [String: String] = [:]
        headers["Sec-WebSocket-Protocol"] = protocols
        webSocket = try await TestWebSocket(browser, path: "/cable", headers: headers)
    }

    static func contact(_ token: String) -> String {
        JSONValue.object(["channel": "RoomChannel", "pubsub_token": .string(token)]).serialized
    }

    static func user(_ id: Int, _ token: String) -> String {
        JSONValue.object([
            "channel": "RoomChannel", "pubsub_token": .string(token), "account_id": 3, "user_id": .int(id),
        ]).serialized
    }

    static let omar = user(DemoWorld.omarID, DemoWorld.omarPubsubToken)

    func command(_ command: String, _ identifier: String, data: JSONValue? = nil) async throws {
        var frame: JSONObject = ["command": .string(command), "identifier": .string(identifier)]
        if let data { frame["data"] = .string(data.serialized) }
        try await send(JSONValue.object(frame).serialized)
    }

    /// Subscribes and waits for the confirmation.
    func subscribe(_ identifier: String) async throws {
        try await command("subscribe", identifier)
        _ = try await frame { $0["type"] == "confirm_subscription" && $0["identifier"] == .string(identifier) }
    }

    func send(_ text: String, opcode: UInt8 = 1) async throws { try await webSocket.send(text, opcode: opcode) }

    /// The next frame; nil when the connection ended, in the middle of one or not.
    func next() async -> Frame? {
        switch await webSocket.next() {
        case .text(let text): .text((try? JSONValue(parsing: Array(text.utf8))) ?? .null)
        case .pong: .pong
        case .close(let code, _): .close(code)
        case nil: nil
        }
    }

    /// The next text frame that fits; what comes before it, pings included, is skipped.
    func frame(_ fits: (JSONValue) -> Bool) async throws -> JSONValue {
        while let frame = await next() {
            if case .text(let value) = frame, fits(value) { return value }
        }
        throw Browser.ClosedWithoutAnswer()
    }

    /// The data of the next event of a name.
    func event(_ name: String) async throws -> JSONValue {
        let frame = try await frame { $0["message"]?["event"] == .string(name) }
        return try #require(frame["message"]?["data"])
    }

    /// Names of the events up to and with the one that fits.
    func events(until fits: (String, JSONValue) -> Bool) async throws -> [String] {
        var names: [String] = []
        _ = try await frame { frame in
            guard let name = frame["message"]?["event"]?.string else { return false }
            names.append(name)
            return fits(name, frame["message"]?["data"] ?? .null)
        }
        return names
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .int(value) }
}
