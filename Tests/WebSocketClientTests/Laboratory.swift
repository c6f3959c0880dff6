import Foundation
import NIOSSL
import Testing
import WebSocketClient
import WebSocketTestSupport

/// A configuration for a server of this machine, independent of the environment.
func local(_ port: Int, path: String = "/cable", secure: Bool = false) -> WebSocketConfiguration {
    WebSocketConfiguration(
        url: secure ? "wss://localhost:\(port)\(path)" : "ws://127.0.0.1:\(port)\(path)", proxy: .none)
}

/// The path of a file made for the TLS tests.
func certificate(_ name: String) throws -> String {
    try #require(Bundle.module.path(forResource: name, ofType: nil, inDirectory: "Certificates"))
}

/// TLS for a server with one of the certificates.
func serverTLS(_ name: String) throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMFile(certificate(name)).map { NIOSSLCertificateSource.certificate($0) }
    let key = try NIOSSLPrivateKey(file: certificate("server.key"), format: .pem)
    return try NIOSSLContext(
        configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
}

/// The error that connecting ends with.
func connectError(_ configuration: WebSocketConfiguration) async -> WebSocketError? {
    do {
        let socket = try await WebSocket.connect(configuration)
        socket.abort()
        return nil
    } catch {
        return error as? WebSocketError
    }
}

/// Connects to a server with a script, and runs `body` with the socket.
func withSocket<Result: Sendable>(
    _ change: @escaping @Sendable (inout WebSocketConfiguration) -> Void = { _ in },
    script: @escaping @Sendable (inout ServerPeer) async throws -> Void,
    body: @escaping @Sendable (WebSocket) async throws -> Result
) async throws -> Result {
    try await ScriptedServer.run { peer, _ in
        try await script(&peer)
    } body: { port in
        var configuration = local(port)
        change(&configuration)
        let socket = try await WebSocket.connect(configuration)
        defer { socket.abort() }
        return try await body(socket)
    }
}

extension WebSocket {
    /// All messages until the end, as text.
    func allTexts() async throws -> [String] {
        var texts: [String] = []
        for try await batch in batches { texts += batch.map { String(decoding: $0.payload, as: UTF8.self) } }
        return texts
    }
}
