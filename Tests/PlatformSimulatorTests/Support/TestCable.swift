import Testing

@testable import PlatformSimulator

/// A WebSocket on `/cable`, spoken by hand.
final class TestCable {
    enum Frame: Equatable {
        case text(JSONValue)
        case pong
        case close(Int)
    }

    let socket: RawSocket
    let answer: String

    /// Upgrades; the answer's head is kept, whatever it says.
    init(_ browser: Browser, protocols: String? = "actioncable-v1-json, actioncable-unsupported") async throws {
        socket = try await RawSocket(port: browser.port)
        var head = "GET /cable HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        head += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        if let protocols { head += "Sec-WebSocket-Protocol: \(protocols)\r\n" }
        try await socket.send(Array((head + "\r\n").utf8))
        answer = await socket.readHead() ?? ""
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

    func send(_ text: String, opcode: UInt8 = 1) async throws {
        let payload = Array(text.utf8)
        let mask: [UInt8] = [1, 2, 3, 4]
        var bytes: [UInt8] = [0x80 | opcode]
        if payload.count < 126 {
            bytes.append(0x80 | UInt8(payload.count))
        } else {
            bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        }
        bytes += mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
        try await socket.send(bytes)
    }

    /// The next frame; nil when the connection ended, in the middle of one or not.
    func next() async -> Frame? {
        guard let head = await socket.read(2) else { return nil }
        var length = Int(head[1])
        if length == 126 {
            guard let bytes = await socket.read(2) else { return nil }
            length = Int(bytes[0]) << 8 | Int(bytes[1])
        } else if length == 127 {
            guard let bytes = await socket.read(8) else { return nil }
            length = bytes.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = await socket.read(length) else { return nil }
        switch head[0] & 15 {
        case 8: return .close(payload.count > 1 ? Int(payload[0]) << 8 | Int(payload[1]) : 1005)
        case 10: return .pong
        default: return .text((try? JSONValue(parsing: payload)) ?? .null)
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
