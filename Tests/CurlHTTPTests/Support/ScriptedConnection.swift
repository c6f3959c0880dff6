import Foundation
import Synchronization

/// What a client wrote.
struct ScriptedRequest: Sendable {
    var method = ""
    var target = ""
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    subscript(name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// One accepted connection, used by its script's thread.
final class ScriptedConnection: Sendable {
    let number: Int
    private let descriptor: Int32
    private let state = Mutex<(buffer: [UInt8], isClosed: Bool)>(([], false))

    init(descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
    }

    /// The next request with its body, or `nil` when the client has closed.
    func readRequest() -> ScriptedRequest? {
        guard var request = readHead() else { return nil }
        if let length = request["Content-Length"].flatMap(Int.init) {
            guard let body = read(length) else { return nil }
            request.body = body
        } else if request["Transfer-Encoding"] == "chunked" {
            while let line = readLine(), let size = Int(line, radix: 16), let chunk = read(size + 2) {
                if size == 0 { break }
                request.body += chunk.dropLast(2)
            }
        }
        return request
    }

    /// A request without its body, which stays on the wire.
    func readHead() -> ScriptedRequest? {
        guard let first = readLine() else { return nil }
        let words = first.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        var request = ScriptedRequest(method: words[0], target: words[1])
        while let line = readLine(), !line.isEmpty {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            request.headers.append((String(parts[0]), parts.last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""))
        }
        return request
    }

    private func readLine() -> String? {
        var line: [UInt8] = []
        while let byte = read(1)?.first {
            if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
            if byte != UInt8(ascii: "\r") { line.append(byte) }
        }
        return nil
    }

    func read(_ count: Int) -> [UInt8]? {
        while state.withLock({ $0.buffer.count }) < count {
            var chunk = [UInt8](repeating: 0, count: 65536)
            let received = recv(descriptor, &chunk, chunk.count, 0)
            guard received > 0 else { return nil }
            state.withLock { $0.buffer += chunk.prefix(received) }
        }
        return state.withLock { state in
            defer { state.buffer.removeFirst(count) }
            return Array(state.buffer.prefix(count))
        }
    }

    /// Reads and drops at least so many bytes; false when the client closes before.
    func discard(_ count: Int) -> Bool {
        var left = count - state.withLock { $0.buffer.count }
        var chunk = [UInt8](repeating: 0, count: 65536)
        while left > 0 {
            let received = recv(descriptor, &chunk, chunk.count, 0)
            guard received > 0 else { return false }
            left -= received
        }
        return true
    }

    /// Reads and drops bytes until the client has closed; the number of bytes.
    @discardableResult
    func readToClose() -> Int {
        var total = state.withLock { $0.buffer.count }
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let received = recv(descriptor, &chunk, chunk.count, 0)
            guard received > 0 else { return total }
            total += received
        }
    }

    /// False when the client no longer takes bytes.
    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Ends blocking calls from another thread.
    func sever() {
        state.withLock { state in
            if !state.isClosed { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func close() {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.isClosed = true
            Glibc.close(descriptor)
        }
    }
}
