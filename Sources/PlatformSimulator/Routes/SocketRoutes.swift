import HTTPTypes
import Hummingbird

/// What the addresses of WebSockets say to requests that did not become one.
extension RouteTable {
    func addSocketRoutes() {
        for (path, text) in [
            ("/cable", "Page not found"), (TwinPath.realtime, "Bad Request"),
            (CentrifugeServer.pathEnd, "Bad Request"),
        ] {
            add([.get], path, wording: Refusal.client) { call in
                let refusal = HTTPField.Name(UpgradeSieve.refusalHeader).flatMap { call.headers[$0] }.flatMap(Int.init)
                if let refusal { return .proxyError(refusal) }
                return .text(text, status: path == "/cable" ? 404 : 400, contentType: "text/plain")
            }
        }
    }
}
