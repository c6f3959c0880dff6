import NIOHTTP1
import NIOWebSocket

/// The request that asks for the upgrade.
struct UpgradeRequest: Sendable {
    private let target: String
    private let headers: HTTPHeaders

    init(url: WebSocketURL, configuration: WebSocketConfiguration) throws(WebSocketError) {
        var headers = HTTPHeaders()
        headers.add(name: "Host", value: url.authority)
        for (name, value) in configuration.headers {
            guard Self.isToken(name), value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw WebSocketError(
                    .badURL, "A header of the socket holds a character that cannot be sent.", retryable: false)
            }
            headers.replaceOrAdd(name: name, value: value)
        }
        // Servers that check the origin accept their own; the others do not care.
        if !headers.contains(name: "Origin") { headers.add(name: "Origin", value: url.origin) }
        if !configuration.subprotocols.isEmpty {
            headers.replaceOrAdd(
                name: "Sec-WebSocket-Protocol", value: configuration.subprotocols.joined(separator: ", "))
        }
        self.target = url.target
        self.headers = headers
    }

    /// The head with the key that `upgrader` will check the answer against.
    func head(_ upgrader: NIOWebSocketClientUpgrader) -> HTTPRequestHead {
        var headers = headers
        headers.replaceOrAdd(name: "Connection", value: "Upgrade")
        headers.replaceOrAdd(name: "Upgrade", value: "websocket")
        upgrader.addCustom(upgradeRequestHeaders: &headers)
        return HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: headers)
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
