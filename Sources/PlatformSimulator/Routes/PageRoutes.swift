import HTTPTypes

/// The chat page.
extension RouteTable {
    func addPageRoutes() {
        for (path, type, text) in [
            ("/", "text/html; charset=utf-8", ChatPage.document),
            ("/page/chat.css", "text/css; charset=utf-8", ChatPage.style),
            ("/page/chat.js", "text/javascript; charset=utf-8", ChatPage.script),
        ] {
            add([.get], path, wording: Refusal.client) { _ in .text(text, contentType: type) }
        }
    }
}
