import Testing

@testable import CurlHTTP

@Suite struct PrivateAddressTests {
    private let denying = HTTPClientConfiguration(proxy: .none, denyPrivateAddresses: true)

    /// Spellings of the loopback address that parsers take in different ways.
    @Test(arguments: [
        "127.0.0.1", "localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0", "127.1", "LocalHost.",
    ])
    func literalIsRefusedBeforeAnythingElse(host: String) async throws {
        try await withClient(denying) { client in
            let error = try await client.failure(of: HTTPRequest(.get, "http://\(host):9/"))
            #expect(error.code == .forbiddenAddress)
            #expect(!error.mayHaveBeenSent)
            #expect(!error.retryable)
        }
    }

    /// As for a name whose DNS answer is private: the name passed, the address is met at the socket.
    @Test func addressIsRefusedAtTheSocket() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer() }) { server in
            try await withClient(denying) { client in
                let request = HTTPRequest(.get, server.base)
                var prepared = try PreparedRequest(
                    request, policy: HostPolicy(denyPrivateAddresses: false, exempt: [], proxies: .init(.none)))
                prepared.route = .guarded
                let error = try await #require(throws: HTTPError.self) {
                    try await client.send(request, as: prepared)
                }
                #expect(error.code == .forbiddenAddress)
                #expect(!error.mayHaveBeenSent)
                #expect(server.connectionCount == 0)
            }
        }
    }

    @Test func redirectToAPrivateAddressIsRefused() async throws {
        let hidden = "http://[::1]:9/hidden"
        try await ScriptedServer.run(answering: { _ in
            ScriptedServer.answer("302 Found", ["Location: \(hidden)"])
        }) { server in
            var configuration = denying
            configuration.allowedPrivateHosts = ["127.0.0.1"]
            try await withClient(configuration) { client in
                let error = try await client.failure(of: HTTPRequest(.get, server.base, redirectLimit: 2))
                #expect(error.code == .forbiddenAddress)
                #expect(!"\(error)".contains("hidden"))
            }
        }
    }

    @Test func namedHostsAreExempt() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer() }) { server in
            var configuration = denying
            configuration.allowedPrivateHosts = ["LocalHost"]
            try await withClient(configuration) { client in
                let response = try await client.send(HTTPRequest(.get, "http://localhost:\(server.port)/"))
                #expect(response.status == 200)
                let error = try await client.failure(of: HTTPRequest(.get, server.base))
                #expect(error.code == .forbiddenAddress)
            }
        }
    }

    @Test func bypassListOpensNoWayAroundTheProxy() {
        let proxies = ProxySettings(.environment) { ["http_proxy": "http://10.0.0.1:1", "no_proxy": "*"][$0] }
        let policy = HostPolicy(denyPrivateAddresses: true, exempt: [], proxies: proxies)
        guard case .route(.proxied) = policy.judge(url: "http://example.com/", isSecure: false) else {
            Issue.record("The request must go through the proxy.")
            return
        }
        guard case .forbidden = policy.judge(url: "http://169.254.169.254/", isSecure: false) else {
            Issue.record("A private literal must be refused.")
            return
        }
    }
}
