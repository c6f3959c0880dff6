import Foundation
import Synchronization

/// A TCP server on a port of its own that hands each connection to a script on a thread.
///
/// Scripts use blocking calls; `stop` breaks all connections, which ends them, and waits for the threads.
final class ScriptedServer: Sendable {
    typealias Script = @Sendable (ScriptedConnection) -> Void

    let port: UInt16
    private let listener: Int32
    private let threads = DispatchGroup()
    private let state = Mutex<(accepted: Int, connections: [ScriptedConnection])>((0, []))

    var base: String { "http://127.0.0.1:\(port)" }
    /// How many connections have been accepted.
    var connectionCount: Int { state.withLock { $0.accepted } }

    init(_ script: @escaping Script) throws {
        signal(SIGPIPE, SIG_IGN)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address -> UInt16? in
                guard bind(listener, address, length) == 0, listen(listener, 256) == 0 else { return nil }
                guard getsockname(listener, address, &length) == 0 else { return nil }
                return UnsafeRawPointer(address).load(as: sockaddr_in.self).sin_port.bigEndian
            }
        }
        guard let port else { throw CocoaError(.featureUnsupported) }
        self.listener = listener
        self.port = port
        let thread = Thread { [self] in accept(script) }
        threads.enter()
        thread.start()
    }

    private func accept(_ script: @escaping Script) {
        defer { threads.leave() }
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            let connection = state.withLock { state in
                state.accepted += 1
                let connection = ScriptedConnection(descriptor: descriptor, number: state.accepted)
                state.connections.append(connection)
                return connection
            }
            threads.enter()
            let thread = Thread { [threads] in
                script(connection)
                connection.close()
                threads.leave()
            }
            thread.start()
        }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in state.withLock({ $0.connections }) { connection.sever() }
        threads.wait()
        Glibc.close(listener)
    }

    /// Runs a body against a server that answers every request.
    static func run<Result>(
        answering answer: @escaping @Sendable (ScriptedRequest) -> String,
        _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        try await run(
            { connection in
                while let request = connection.readRequest() { connection.send(answer(request)) }
            }, body)
    }

    static func run<Result>(
        _ script: @escaping Script, _ body: (ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = try ScriptedServer(script)
        do {
            let result = try await body(server)
            await server.stopInBackground()
            return result
        } catch {
            await server.stopInBackground()
            throw error
        }
    }

    private func stopInBackground() async {
        await withCheckedContinuation { continuation in
            Thread {
                self.stop()
                continuation.resume()
            }.start()
        }
    }

    /// A whole answer with a body and its length.
    static func answer(_ status: String = "200 OK", _ headers: [String] = [], body: String = "") -> String {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
