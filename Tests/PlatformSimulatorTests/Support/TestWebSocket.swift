@testable import PlatformSimulator

/// The client's side of a WebSocket, spoken by hand.
final class TestWebSocket {
    enum Frame: Equatable {
        case text(String)
        case pong
        case close(Int, String)
    }

    let socket: RawSocket
    /// The head of the answer to the upgrade, whatever it says.
    let answer: String

    init(_ browser: Browser, path: String, headers: [String: String] = [:]) async throws {
        socket = try await RawSocket(port: browser.port)
        var head = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        head += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        for header in headers { head += "\(header.key): \(header.value)\r\n" }
        try await socket.send(Array((head + "\r\n").utf8))
        answer = await socket.readHead() ?? ""
    }

    func send(_ text: String, opcode: UInt8 = 1) async throws {
        let payload = Array(text.utf8)
        let mask: [UInt8] = [1, 2, 3, 4]
        var bytes: [UInt8] = [0x80 | opcode]
        switch payload.count {
        case ..<126: bytes.append(0x80 | UInt8(payload.count))
        case ..<65_536: bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default: bytes += [0x80 | 127] + (0..<8).reversed().map { UInt8(payload.count >> ($0 * 8) & 255) }
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
        case 8:
            guard payload.count > 1 else { return .close(1005, "") }
            return .close(Int(payload[0]) << 8 | Int(payload[1]), String(decoding: payload.dropFirst(2), as: UTF8.self))
        case 10: return .pong
        default: return .text(String(decoding: payload, as: UTF8.self))
        }
    }
}
