import HTTPTypes

/// The chat page, and the platform's own page around dashboard apps.
extension RouteTable {
    func addPageRoutes() {
        let (html, css, script) = ("text/html", "text/css", "text/javascript")
        for (path, type, text) in [
            ("/", html, ChatPage.document), ("/page/chat.css", css, ChatPage.style),
            ("/page/chat.js", script, ChatPage.script),
            ("/dashboard", html, HostPage.document), ("/dashboard/host.css", css, HostPage.style),
            ("/dashboard/host.js", script, HostPage.script),
            ("/dashboard/hostile", html, HostPage.hostile), ("/dashboard/hostile.js", script, HostPage.hostileScript),
        ] {
            add([.get], path, wording: Refusal.client) { _ in .text(text, contentType: type + "; charset=utf-8") }
        }
    }
}
