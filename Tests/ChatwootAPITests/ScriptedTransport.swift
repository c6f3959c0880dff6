import ChatwootAPI
import CurlHTTP
import EventJSON
import Synchronization

/// A transport that gives prepared answers and remembers what was asked.
final class ScriptedTransport: ChatwootTransport {
    enum Answer {
        case response(HTTPResponse)
        case failure(HTTPError)
    }

    private let answers: Mutex<[Answer]>
    private let sent = Mutex<[HTTPRequest]>([])

    init(_ answers: [Answer]) { self.answers = Mutex(answers) }

    convenience init(status: Int = 200, _ body: String, headers: [HTTPHeader] = []) {
        self.init([.response(HTTPResponse(status: status, headers: .init(headers), body: Array(body.utf8)))])
    }

    convenience init(bodies: [(Int, String)]) {
        self.init(bodies.map { .response(HTTPResponse(status: $0.0, body: Array($0.1.utf8))) })
    }

    var requests: [HTTPRequest] { sent.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        sent.withLock { $0.append(request) }
        // The last answer stays, so that a test which asks too often fails on the requests it counts.
        let answer = answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        switch answer {
        case .response(let response): return response
        case .failure(let error): throw error
        }
    }
}

extension HTTPRequest {
    /// Method and path behind the host, as they go on the wire.
    var line: String {
        let path = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).dropFirst(2).first ?? ""
        return "\(method.rawValue) /" + (path.split(separator: "/", maxSplits: 1).dropFirst().first ?? "")
    }

    var json: JSON? {
        guard case .bytes(let bytes, "application/json") = body else { return nil }
        return try? JSON(parsing: bytes)
    }

    /// `name=text` or `name=filename:type` for every part of a multipart body.
    var parts: [String] {
        guard case .multipart(let parts) = body else { return [] }
        return parts.map { part in
            if let filename = part.filename { return "\(part.name)=\(filename):\(part.contentType ?? "")" }
            guard case .bytes(let bytes) = part.content else { return part.name }
            return "\(part.name)=\(String(decoding: bytes, as: UTF8.self))"
        }
    }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
}

/// A time 12.5 s into a minute.
@Sendable func fixedClock() -> Double { 1_777_709_100 + 12.5 }

func clientAPI(_ transport: ScriptedTransport, capabilities: ChatwootCapabilities? = nil) -> ChatwootClientAPI {
    ChatwootClientAPI(
        ChatwootInstallation(origin: "https://chat.example.com"), inboxIdentifier: "inboxSecret", transport: transport,
        capabilities: capabilities, wallClock: fixedClock)
}

func operatorAPI(_ transport: ScriptedTransport, capabilities: ChatwootCapabilities? = nil) -> ChatwootOperatorAPI {
    ChatwootOperatorAPI(
        ChatwootInstallation(origin: "https://chat.example.com"), accountID: 3, accessToken: "tokenSecret",
        transport: transport, capabilities: capabilities, wallClock: fixedClock)
}

/// The error of a call that must fail.
func chatwootError(_ call: () async throws -> Void) async -> ChatwootError? {
    do {
        try await call()
        return nil
    } catch {
        return error as? ChatwootError
    }
}
