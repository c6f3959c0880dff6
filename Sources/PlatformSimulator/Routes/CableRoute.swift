import HTTPTypes
import Hummingbird

/// What `/cable` says to requests that did not become a WebSocket.
extension RouteTable {
    func addCableRoute() {
        add([.get], "/cable", wording: Refusal.client) { call in
            let refusal = HTTPField.Name(UpgradeSieve.refusalHeader).flatMap { call.headers[$0] }.flatMap(Int.init)
            if let refusal { return .proxyError(refusal) }
            return .text("Page not found", status: 404, contentType: "text/plain")
        }
    }
}
