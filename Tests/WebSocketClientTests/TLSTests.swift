import Testing
import WebSocketClient
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    /// Connects to a server with a certificate; answers the texts it sent, or the error.
    private func connect(
        _ name: String, _ change: @escaping @Sendable (inout WebSocketConfiguration) throws -> Void
    ) async throws -> Result<[String], WebSocketError> {
        let tls = try serverTLS(name)
        return try await ScriptedServer.run(tls: tls) { peer, _ in
            try await peer.upgrade(then: ServerFrame.text("hello"))
            for index in 0..<200 { try await peer.send(String(repeating: "x", count: index * 37)) }
            try await peer.write(ServerFrame.close(1000))
            try await peer.waitForEnd()
        } body: { port in
            var configuration = local(port, secure: true)
            try change(&configuration)
            do {
                return .success(try await WebSocket.connect(configuration).allTexts())
            } catch let error as WebSocketError {
                return .failure(error)
            }
        }
    }

    private func message(_ result: Result<[String], WebSocketError>) -> String? {
        if case .failure(let error) = result, error.code == .certificate, !error.retryable {
            error.message
        } else {
            nil
        }
    }

    @Test func privateAuthorityIsTrusted() async throws {
        let texts = try await connect("good.pem") { $0.caFile = try certificate("ca.pem") }.get()
        #expect(texts.count == 201)
        #expect(texts.first == "hello")
        #expect(texts.last?.count == 199 * 37)
    }

    @Test func unknownAuthorityIsNamed() async throws {
        let result = try await connect("good.pem") { _ in }
        #expect(
            message(result) == "The certificate of localhost is not signed by an authority that is trusted here.")
    }

    @Test func expiredCertificateIsNamed() async throws {
        let result = try await connect("expired.pem") { $0.caFile = try certificate("ca.pem") }
        #expect(message(result) == "The certificate of localhost has expired.")
    }

    @Test func certificateOfAnotherHostIsNamed() async throws {
        let result = try await connect("other.pem") { $0.caFile = try certificate("ca.pem") }
        #expect(message(result) == "The certificate of localhost is not for this host.")
    }

    @Test func checkingCanBeSwitchedOff() async throws {
        #expect(try await connect("expired.pem") { $0.verifyTLS = false }.get().count == 201)
    }

    @Test func plainServerIsNotMistakenForABadCertificate() async throws {
        let error = try await ScriptedServer.run { peer, _ in
            try await peer.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
            try await peer.waitForEnd()
        } body: {
            await connectError(local($0, secure: true))
        }
        #expect(error?.code == .tls)
    }

    @Test func unreadableFileOfAuthoritiesIsNamed() async throws {
        var configuration = local(1, secure: true)
        configuration.caFile = "/nonexistent/ca.pem"
        let error = await connectError(configuration)
        #expect(error?.message == "The file of trusted authorities /nonexistent/ca.pem cannot be read as PEM.")
    }
}
