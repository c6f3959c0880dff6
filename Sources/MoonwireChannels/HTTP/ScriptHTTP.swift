public import CurlHTTP
import EventJSON
public import Moonwire

/// The HTTP client that scripts reach with `bot.http`: only hosts that the configuration allows, and never a private
/// address unless it is listed.
public struct ScriptHTTP: OutboundHTTP {
    private let client: HTTPClient
    private let allow: [String]

    /// - Parameters:
    ///   - client: Configured to deny private addresses but those of listed hosts.
    ///   - allow: Host names; `*.example.com` allows all below.
    public init(client: HTTPClient, allow: [String]) {
        self.client = client
        self.allow = allow.map { $0.lowercased() }
    }

    public func send(
        _ request: HostEffect.OutboundRequest, key: String
    ) async throws(ChannelError) -> RawJSON {
        let place = try Self.place(of: request.url)
        guard isAllowed(place.host) else {
            throw ChannelError(
                code: "forbidden",
                message: "scripts may not call \(place.host); add it to http.allow in the configuration",
                fate: .notPerformed, retryable: false)
        }
        var http = HTTPRequest(HTTPMethod(rawValue: request.method), request.url, displayPath: place.display)
        http.headers = request.headers.map { HTTPHeader($0.name, $0.value) }
        if let timeout = request.timeout { http.timeout = timeout }
        if let body = request.body {
            let type = request.headers.first { $0.name.lowercased() == "content-type" }?.value
            http.body = .bytes(body, contentType: type ?? "application/json")
            http.headers.removeAll { $0.name.lowercased() == "content-type" }
        }
        if ["POST", "PATCH"].contains(request.method) { http.headers.append(HTTPHeader("Idempotency-Key", key)) }
        do {
            return Self.encode(try await client.send(http))
        } catch {
            throw ChannelError(
                code: "network", message: error.message, fate: error.mayHaveBeenSent ? .inDoubt : .notPerformed,
                retryable: error.retryable)
        }
    }

    private func isAllowed(_ host: String) -> Bool {
        allow.contains { rule in
            rule == host || rule.hasPrefix("*.") && host.hasSuffix(rule.dropFirst()) && host.count > rule.count - 1
        }
    }

    /// Host and path without query, which may hold what nobody should read in a log.
    private static func place(of url: String) throws(ChannelError) -> (host: String, display: String) {
        let scheme = url.lowercased().hasPrefix("https://") ? 8 : url.lowercased().hasPrefix("http://") ? 7 : 0
        let rest = url.dropFirst(scheme)
        let authority = rest.prefix { !"/?#".contains($0) }
        guard scheme > 0, !authority.isEmpty, !authority.contains("@"), !authority.contains("\\") else {
            throw ChannelError.invalid("bot.http needs an address such as https://api.example.com/path")
        }
        let host = authority.first == "[" ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let path = rest.dropFirst(authority.count).prefix { !"?#".contains($0) }
        return (host.lowercased(), "\(authority)\(path.isEmpty ? "/" : path)")
    }

    private static func encode(_ response: HTTPResponse) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: response.body.count + 256)
        writer.beginObject()
        writer.key("status")
        writer.value(response.status)
        writer.key("headers")
        writer.beginObject()
        for name in ["content-type", "location", "retry-after", "etag", "last-modified", "link"] {
            guard let value = response.headers[name] else { continue }
            writer.key(name: name)
            writer.value(value)
        }
        writer.endObject()
        writer.key("body")
        writer.value(String(decoding: response.body, as: UTF8.self))
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }
}
