import Moonwire

/// The headers of everything that dashboard apps answer.
enum DashboardHeaders {
    private static let plain: [(name: String, value: String)] = [
        ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"), ("cache-control", "no-store"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ]

    /// Of the page and of what belongs to it. Never `X-Frame-Options`: what it can say blanks the page.
    static func page(_ app: DashboardApp) -> [(name: String, value: String)] {
        let ancestors = app.origins + app.ancestors
        let policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors "
            // Without the directive anybody could embed the page.
            + (app.origins.isEmpty ? "'none'" : ancestors.joined(separator: " "))
        return plain + [("content-security-policy", policy), ("cross-origin-opener-policy", "same-origin")]
    }

    /// Of the window to sign in, which nobody embeds and which speaks to the page that opened it.
    static let window =
        plain + [
            (
                "content-security-policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            )
        ]

    static let api =
        plain + [("content-security-policy", "default-src 'none'; frame-ancestors 'none'")]
}

extension InboundResponse {
    func with(_ headers: [(name: String, value: String)]) -> InboundResponse {
        var response = self
        response.headers += headers
        return response
    }
}
