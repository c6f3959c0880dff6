import EventJSON
import Moonwire

/// Everything under `/dash/api`: what the pages of all apps ask for.
struct DashboardAPIRoute: InboundRoute {
    let path = "/dash/api"
    let coversSubpaths = true
    let methods: Set<String> = ["GET", "POST"]
    let bodyLimit = 64 << 10

    private let dashboard: Dashboard

    init(_ dashboard: Dashboard) {
        self.dashboard = dashboard
    }

    func refusal(of head: InboundHead) async -> InboundResponse? {
        do throws(DashboardFailure) {
            try check(head)
            return nil
        } catch {
            return error.response.with(DashboardHeaders.api)
        }
    }

    /// A page of another origin cannot make a browser send such a request: the page's own origin is named, or the
    /// browser would have to ask first and get no answer that lets it.
    private func check(_ head: InboundHead) throws(DashboardFailure) {
        let origins = head.values(of: "origin")
        if !origins.isEmpty, origins != [dashboard.origin] { throw .foreignOrigin }
        if let site = head.onlyValue(of: "sec-fetch-site"), site != "same-origin" { throw .foreignOrigin }
        guard head.method == "POST" else { return }
        let type = head.onlyValue(of: "content-type")?.split(separator: ";").first.map(String.init)
        guard type?.trimmedASCII.lowercased() == "application/json" else { throw .notJSON }
    }

    func answer(_ request: InboundRequest) async -> InboundResponse {
        do throws(DashboardFailure) {
            return try await route(request).with(DashboardHeaders.api)
        } catch {
            return error.response.with(DashboardHeaders.api)
        }
    }

    /// Pages are told, and come back when the host does.
    func drain() { dashboard.watch.close() }

    private func route(_ request: InboundRequest) async throws(DashboardFailure) -> InboundResponse {
        let name = request.head.path.dropFirst(path.utf8.count)
        switch (request.head.method, name) {
        case ("POST", "/session"): return try await dashboard.exchange(try body(request), request.head)
        case ("GET", "/state"): return try await dashboard.state(request.head)
        case ("POST", "/action"): return try await dashboard.action(request, try body(request))
        case ("GET", "/events"): return try await dashboard.events(request.head)
        case ("POST", "/login"): return try await dashboard.login(try body(request), request.head)
        case ("POST", "/sign-in"): return try dashboard.signIn(try body(request), request.head, dashboard.handOvers)
        case ("POST", "/pair"): return try dashboard.signIn(try body(request), request.head, dashboard.pairings)
        case ("POST", "/sign-out"): return try dashboard.signOut(try body(request))
        default: throw DashboardFailure(status: 404, code: "not_found", message: "There is nothing here.")
        }
    }

    private func body(_ request: InboundRequest) throws(DashboardFailure) -> JSON {
        guard let body = try? JSON(parsing: request.body, maxDepth: 16), body.object != nil else {
            throw .badRequest
        }
        return body
    }
}

extension String {
    var trimmedASCII: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
