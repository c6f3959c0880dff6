/// What a redirect leads to.
enum Redirect {
    enum Step {
        case follow(PreparedRequest)
        case refuse(HTTPError.Code, String)
    }

    static func isRedirect(_ status: Int) -> Bool {
        switch status {
        case 301, 302, 303, 307, 308: true
        default: false
        }
    }

    /// `location` is absolute: libcurl has resolved it against the request's URL.
    static func step(from request: PreparedRequest, status: Int, location: String, policy: HostPolicy) -> Step {
        guard let origin = URLParts(request.url), let target = URLParts(location),
            location.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { return .refuse(.redirect, "The server redirects to something that is not a valid http or https URL.") }
        var next = request
        next.url = location
        next.isSecure = target.scheme == "https"
        if request.isSecure, !next.isSecure {
            return .refuse(.redirect, "The server redirects from https to http, which would give the request away.")
        }
        // RFC 9110, section 15.4: 303 asks for a GET; for 301 and 302 a POST becomes one by long custom.
        let isRewritten = status == 303 ? request.method != .head : status < 303 && request.method == .post
        if isRewritten {
            next.method = .get
            next.body = .none
            next.headers.removeAll { HTTPHeaders.equal($0.name.utf8, "content-type".utf8) }
        }
        if origin != target {
            guard next.isBodyless else {
                return .refuse(.redirect, "The server redirects a request with a body to another origin.")
            }
            next.headers.removeAll { header in
                !harmless.contains { HTTPHeaders.equal($0.utf8, header.name.utf8) }
            }
        }
        guard next.rewindBody() else { return .refuse(.file, "A file to upload cannot be read a second time.") }
        switch policy.judge(url: location, isSecure: next.isSecure) {
        case .route(let route): next.route = route
        case .forbidden, .unreadable: return .refuse(.forbiddenAddress, HostPolicy.refusal)
        }
        return .follow(next)
    }

    /// Any other header may hold a credential: platforms invent names for theirs.
    private static let harmless = ["accept", "accept-language", "user-agent"]
}

extension PreparedRequest {
    fileprivate func rewindBody() -> Bool {
        switch body {
        case .none, .bytes: true
        case .source(let source): source.seek(to: 0)
        case .parts(let parts): parts.allSatisfy { $0.source.seek(to: 0) }
        }
    }
}
