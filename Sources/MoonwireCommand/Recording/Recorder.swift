import CurlHTTP
import EventJSON
import Foundation
import Synchronization
import WebSocketClient

/// Writes what passes on a channel's wire, redacted, one JSON object a line and as it passes.
///
/// May be called from any thread; lines are in the order of the calls.
final class Recorder: Sendable {
    /// What has been written.
    struct Counts: Sendable, Hashable {
        var requests = 0
        var frames = 0
        var connections = 0
    }

    private struct State {
        var redaction: Redaction
        var counts = Counts()
        var exchanges = 0
        var failure: String?
    }

    private static let keptHeaders = [
        "content-type", "retry-after", "allow", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset",
    ]

    private let state: Mutex<State>
    private let madeTap = Mutex<WebSocketTap?>(nil)
    private let write: @Sendable ([UInt8]) throws -> Void
    private let start = ContinuousClock.now

    /// - Parameter write: Takes one line with its end.
    init(
        header: RecordingHeader, redaction: sending Redaction, write: @escaping @Sendable ([UInt8]) throws -> Void
    ) throws {
        state = Mutex(State(redaction: redaction))
        self.write = write
        try write(header.json.bytes + [UInt8(ascii: "\n")])
    }

    var counts: Counts { state.withLock { $0.counts } }
    /// Why nothing more is written, when a write failed.
    var failure: String? { state.withLock { $0.failure } }

    /// For the configurations of sockets. One for all of them, because it counts their connections.
    var tap: WebSocketTap {
        madeTap.withLock { made in
            let tap = made ?? WebSocketTap { [weak self] in self?.add($0) }
            made = tap
            return tap
        }
    }

    // MARK: - Requests

    /// - Returns: A number that the request's end is told with.
    func began(_ request: HTTPRequest) -> Int {
        state.withLock { state in
            state.exchanges += 1
            state.counts.requests += 1
            var entry = exchange("request", state.exchanges, request, &state)
            add(request.headers, to: &entry)
            add(RecordedBody(request.body, &state.redaction), to: &entry)
            put(entry, &state)
            return state.exchanges
        }
    }

    func ended(_ exchange: Int, _ request: HTTPRequest, _ response: HTTPResponse) {
        state.withLock { state in
            var entry = self.exchange("response", exchange, request, &state)
            entry.append("status", .int(Int64(response.status)))
            add(response.headers.all, to: &entry)
            add(RecordedBody(response.body, type: response.headers["content-type"], &state.redaction), to: &entry)
            put(entry, &state)
        }
    }

    func failed(_ exchange: Int, _ request: HTTPRequest, _ error: HTTPError) {
        state.withLock { state in
            var entry = self.exchange("response", exchange, request, &state)
            entry.append("error", .string("\(error.code)"))
            put(entry, &state)
        }
    }

    private func exchange(_ kind: String, _ number: Int, _ request: HTTPRequest, _ state: inout State) -> JSONObject {
        var entry = entry(kind)
        let target = state.redaction.target(request.url, display: request.displayPath)
        entry.append("exchange", .int(Int64(number)))
        entry.append("method", .string(request.method.rawValue))
        entry.append("path", .string(target.path))
        if let query = target.query { entry.append("query", .string(query)) }
        return entry
    }

    private func add(_ headers: [HTTPHeader], to entry: inout JSONObject) {
        var kept = JSONObject()
        for header in headers {
            let name = header.name.lowercased()
            if Self.keptHeaders.contains(name), kept[name] == nil { kept.append(name, .string(header.value)) }
        }
        if !kept.isEmpty { entry.append("headers", .object(kept)) }
    }

    // MARK: - Sockets

    private func add(_ traffic: WebSocketTraffic) {
        state.withLock { state in
            let entry =
                switch traffic.happening {
                case .opened(let url): opened(url, traffic.connection, &state)
                case .sent(let message): frame(message, "sent", traffic.connection, &state)
                case .received(let message): frame(message, "received", traffic.connection, &state)
                case .closed(let closure): closed(closure, traffic.connection, &state)
                }
            put(entry, &state)
        }
    }

    private func opened(_ url: String, _ connection: Int, _ state: inout State) -> JSONObject {
        state.counts.connections += 1
        var entry = entry("open", connection)
        let target = state.redaction.target(url)
        entry.append("path", .string(target.path))
        if let query = target.query { entry.append("query", .string(query)) }
        return entry
    }

    private func frame(
        _ message: WebSocketMessage, _ direction: String, _ connection: Int, _ state: inout State
    ) -> JSONObject {
        state.counts.frames += 1
        var entry = entry("frame", connection)
        entry.append("direction", .string(direction))
        let type = message.kind == .text ? "text" : "binary"
        add(RecordedBody(message.payload, type: type, &state.redaction), to: &entry)
        return entry
    }

    private func closed(_ closure: WebSocketClosure, _ connection: Int, _ state: inout State) -> JSONObject {
        var entry = entry("close", connection)
        entry.append("code", .int(Int64(closure.code)))
        if !closure.reason.isEmpty {
            entry.append("reason", .string(state.redaction.text(closure.reason, key: "text")))
        }
        entry.append("direction", closure.isLocal ? "sent" : "received")
        return entry
    }

    // MARK: - Lines

    private func entry(_ kind: String, _ connection: Int? = nil) -> JSONObject {
        let passed = start.duration(to: .now).components
        let milliseconds = passed.seconds * 1000 + passed.attoseconds / 1_000_000_000_000_000
        var entry: JSONObject = ["at": .int(milliseconds), "kind": .string(kind)]
        if let connection { entry.append("connection", .int(Int64(connection))) }
        return entry
    }

    private func add(_ body: RecordedBody, to entry: inout JSONObject) {
        for (key, value) in body.members { entry.append(key, value) }
    }

    private func put(_ entry: JSONObject, _ state: inout State) {
        guard state.failure == nil else { return }
        do {
            try write(JSON.object(entry).bytes + [UInt8(ascii: "\n")])
        } catch {
            state.failure = "\(error)"
        }
    }
}
