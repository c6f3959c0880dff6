import CurlHTTP
import Foundation
import Testing

@Suite struct TLSTests {
    private func certificates() throws -> Certificates {
        try #require(Certificates.shared, "The openssl program is needed to make certificates.")
    }

    private func trusting(_ caFile: String?) -> HTTPClientConfiguration {
        HTTPClientConfiguration(caFile: caFile, proxy: .none)
    }

    @Test func privateAuthorityIsTrustedWhenNamed() async throws {
        let certificates = try certificates()
        try await TLSServer.run(certificates.identity("good")) { base in
            try await withClient(trusting(certificates.authority)) { client in
                let response = try await client.send(HTTPRequest(.get, base))
                #expect(response.status == 200)
                #expect(response.httpVersion == .http11)
            }
        }
    }

    @Test(arguments: [
        ("good", false, "is from an authority that is not trusted"), ("expired", true, "has expired"),
        ("other", true, "is for another host"), ("selfsigned", true, "is self-signed and not trusted"),
    ])
    func badCertificate(name: String, trusts: Bool, fault: String) async throws {
        let certificates = try certificates()
        try await TLSServer.run(certificates.identity(name)) { base in
            try await withClient(trusting(trusts ? certificates.authority : nil)) { client in
                let error = try await client.failure(of: HTTPRequest(.post, base + "/t0ken", displayPath: "/p"))
                #expect(error.code == .certificate)
                #expect(error.message == "The TLS certificate of the host 127.0.0.1 \(fault).")
                #expect(!error.mayHaveBeenSent)
                #expect(!error.retryable)
                #expect(!"\(error)".contains("t0ken"))
            }
        }
    }

    @Test(arguments: ["expired", "other", "selfsigned"])
    func verificationCanBeSwitchedOff(name: String) async throws {
        try await TLSServer.run(try certificates().identity(name)) { base in
            try await withClient(.init(verifyTLS: false, proxy: .none)) { client in
                let response = try await client.send(HTTPRequest(.get, base))
                #expect(response.status == 200)
            }
        }
    }

    @Test func concurrentRequestsShareOneHTTP2Connection() async throws {
        let certificates = try certificates()
        try await TLSServer.run(certificates.identity("good"), speaking: "h2") { base in
            try await withClient(trusting(certificates.authority)) { client in
                try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
                    for _ in 0..<60 {
                        group.addTask { try await client.send(HTTPRequest(.post, base, body: .json([1, 2]))) }
                    }
                    for try await response in group {
                        #expect(response.httpVersion == .http2)
                        #expect(response.body == Array("1".utf8))
                    }
                }
            }
        }
    }

    @Test func http2CanBeSwitchedOff() async throws {
        let certificates = try certificates()
        var configuration = trusting(certificates.authority)
        configuration.http2 = false
        try await TLSServer.run(certificates.identity("good"), speaking: "http/1.1") { base in
            try await withClient(configuration) { client in
                let response = try await client.send(HTTPRequest(.get, base))
                #expect(response.httpVersion == .http11)
            }
        }
    }

    @Test func serverThatSpeaksNoTLS() async throws {
        try await ScriptedServer.run({ connection in
            _ = connection.read(1)
            connection.send("HTTP/1.1 400 Bad Request\r\n\r\n")
        }) { server in
            try await withClient { client in
                let url = server.base.replacingOccurrences(of: "http:", with: "https:")
                let error = try await client.failure(of: HTTPRequest(.post, url))
                #expect(error.code == .tls)
                #expect(!error.mayHaveBeenSent)
            }
        }
    }

    @Test(arguments: ["/nonexistent.pem", "/etc/hostname"])
    func unusableAuthorityFileIsToldAtOnce(path: String) throws {
        let error = #expect(throws: HTTPError.self) { try HTTPClient(configuration: trusting(path)) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("caFile") == true)
    }
}
