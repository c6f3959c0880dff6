import EventJSON
import Foundation
import Moonwire

/// The page of one app, with all that belongs to it. Holds no data of anybody.
struct DashboardPageRoute: InboundRoute {
    let path: String
    let coversSubpaths = true
    let methods: Set<String> = ["GET"]
    let bodyLimit = 0

    private let app: DashboardApp
    /// What stands before all paths as browsers see them; empty, or as `/bots`.
    private let prefix: String

    init(app: DashboardApp, prefix: String = "") {
        self.app = app
        self.prefix = prefix
        path = "/dash/" + app.name
    }

    func answer(_ request: InboundRequest) async -> InboundResponse {
        let name = request.head.path.dropFirst(path.utf8.count)
        guard let (type, text) = asset(name.drop { $0 == "/" }) else {
            return .failure(404, "The app has no such part.", code: "not_found").with(DashboardHeaders.page(app))
        }
        let headers = name.hasPrefix("/login") ? DashboardHeaders.window : DashboardHeaders.page(app)
        return InboundResponse(
            status: 200, headers: [("content-type", type + "; charset=utf-8")] + headers, body: .bytes(Array(text.utf8))
        )
    }

    private func asset(_ name: Substring) -> (type: String, text: String)? {
        switch name {
        case "": ("text/html", document(PageDocument.app))
        case "login": ("text/html", document(PageDocument.login))
        case "login.js": ("text/javascript", PageScript.login)
        case "app.css": ("text/css", PageStyle.text)
        case "early.js": ("text/javascript", PageScript.early(configuration))
        case "app.js": ("text/javascript", PageScript.app)
        case "context.js": ("text/javascript", PageScript.context)
        case "link.js": ("text/javascript", PageScript.link)
        case "view.js": ("text/javascript", PageScript.view)
        case "session.js": ("text/javascript", PageScript.session)
        case "texts.js": ("text/javascript", PageScript.texts)
        default: nil
        }
    }

    /// With full paths: whether an address ends with a slash is nothing to rely on.
    private func document(_ text: String) -> String {
        text.replacingOccurrences(of: "$BASE", with: prefix + path)
    }

    /// What the page has to know, none of it secret.
    private var configuration: String {
        let tree: JSON = [
            "app": .string(app.name), "page": .string(prefix + path + "/"), "api": .string(prefix + "/dash/api/"),
            "title": .string(app.title), "origins": .array(app.origins.map(JSON.string)),
            "requests": .array(app.requests.map(JSON.string)),
            "signIn": .array(app.signIn.map(\.rawValue).sorted().map(JSON.string)), "mobile": .bool(app.allowsMobile),
            "language": app.language.map(JSON.string) ?? .null,
        ]
        return String(decoding: tree.bytes, as: UTF8.self)
    }
}
