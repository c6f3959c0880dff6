import HTTPTypes
import Hummingbird

/// What `/cable` says to requests that did not become a WebSocket.
extension RouteTable {
    func addCableRoute(faults: FaultDials) {
        add([.get], "/cable", wording: Refusal.client) { call in
            let wantsUpgrade = call.headers[.upgrade]?.lowercased() == "websocket"
            let hasKey = HTTPField.Name("Sec-WebSocket-Key").flatMap { call.headers[$0] } != nil
            // A proper request only gets here when the dial refused it.
            if wantsUpgrade, hasKey { return .proxyError(faults.settings.sockets.status) }
            return .text("Page not found", status: 404, contentType: "text/plain")
        }
    }
}
