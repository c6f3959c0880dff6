import HTTPTypes

/// What a recording holds, sorted by who asks for it.
struct RecordedTraffic: Sendable {
    /// An answer that a server gave.
    struct Exchange: Sendable {
        let number: Int
        let method: String
        let segments: [String]
        let answer: Answer
    }

    /// One life of a WebSocket, in the order of what happened.
    struct Connection: Sendable {
        let path: String
        var happenings: [Happening] = []
    }

    struct Happening: Sendable {
        enum Kind: Sendable {
            /// The host said something.
            case heard([UInt8])
            /// The server said something.
            case said([UInt8])
            /// The server ended the connection; without a close frame when there is no code.
            case ended(code: Int?)
        }

        /// Since the connection was opened.
        let at: Duration
        let kind: Kind
    }

    let header: JSONValue
    let exchanges: [Exchange]
    let connections: [Connection]

    private static let version = 1

    /// Reads a recording. A last line that was cut off is left out.
    init(_ text: String) throws(SimulatorError) {
        var lines = text.split(separator: "\n")[...]
        guard let first = lines.popFirst(), let header = try? JSONValue(parsing: Array(first.utf8)),
            let version = header["moonwire_recording"]?.castInt
        else { throw SimulatorError(.unreadable, "it does not begin as a recording does") }
        guard version == Self.version else {
            throw SimulatorError(.unreadable, "it has format \(version), and this program reads \(Self.version)")
        }
        var exchanges: [Exchange] = []
        var connections: [Int: (start: Int, connection: Connection)] = [:]
        for (index, line) in lines.enumerated() {
            guard let entry = try? JSONValue(parsing: Array(line.utf8)), let at = entry["at"]?.castInt,
                let kind = entry["kind"]?.string
            else {
                if index == lines.count - 1, !text.hasSuffix("\n") { break }
                throw SimulatorError(.unreadable, "its line \(index + 2) is no entry of a recording")
            }
            let number = entry["connection"]?.castInt ?? 0
            switch kind {
            case "response": if let exchange = Exchange(entry) { exchanges.append(exchange) }
            case "open":
                connections[number] = (at, Connection(path: entry["path"]?.string ?? "/"))
            case "frame", "close":
                guard let start = connections[number]?.start, let kind = Happening.Kind(entry) else { continue }
                connections[number]?.connection.happenings.append(
                    Happening(at: .milliseconds(at - start), kind: kind))
            default: break
            }
        }
        self.header = header
        self.exchanges = exchanges.sorted { $0.number < $1.number }
        self.connections = connections.sorted { $0.key < $1.key }.map(\.value.connection)
    }

    /// The bytes of an entry's body, as compact JSON; nil when only its length was kept.
    fileprivate static func body(_ entry: JSONValue) -> [UInt8]? {
        if let body = entry["body"] { return body.bytes() }
        guard let lines = entry["lines"]?.array else { return nil }
        return Array(lines.map { $0.bytes() }.joined(separator: [UInt8(ascii: "\n")]))
    }
}

extension RecordedTraffic.Exchange {
    fileprivate init?(_ entry: JSONValue) {
        guard let method = entry["method"]?.string, let path = entry["path"]?.string,
            let status = entry["status"]?.castInt
        else { return nil }
        let headers = entry["headers"]?.object?.members ?? []
        var answer = Answer(
            status: status, contentType: entry["headers"]?["content-type"]?.string ?? "application/json",
            body: RecordedTraffic.body(entry) ?? [])
        for header in headers where header.key == "retry-after" {
            if let seconds = header.value.string { answer.headers.append((.retryAfter, seconds)) }
        }
        self.init(
            number: entry["exchange"]?.castInt ?? 0, method: method,
            segments: path.split(separator: "/").map(String.init), answer: answer)
    }
}

extension RecordedTraffic.Happening.Kind {
    fileprivate init?(_ entry: JSONValue) {
        let isFromHost = entry["direction"]?.string == "sent"
        if entry["kind"]?.string == "close" {
            // What the host ended, the host may end again.
            if isFromHost { return nil }
            let code = entry["code"]?.castInt
            self = .ended(code: code == 1006 || code == 1005 ? nil : code)
            return
        }
        guard let body = RecordedTraffic.body(entry) else { return nil }
        self = isFromHost ? .heard(body) : .said(body)
    }
}
