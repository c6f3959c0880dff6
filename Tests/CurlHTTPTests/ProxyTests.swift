import Testing

@testable import CurlHTTP

@Suite struct ProxyTests {
    @Test func plainRequestsGoThroughTheProxy() async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            seen.establish(request)
            return ScriptedServer.answer(body: "by proxy")
        }) { proxy in
            try await withClient(.init(proxy: .url("http://user:pass@127.0.0.1:\(proxy.port)"))) { client in
                let response = try await client.send(HTTPRequest(.get, "http://platform.invalid/x"))
                #expect(response.body == Array("by proxy".utf8))
            }
        }
        let request = await seen.value
        #expect(request.target == "http://platform.invalid/x")
        #expect(request["Proxy-Authorization"] == "Basic dXNlcjpwYXNz")
    }

    @Test func refusedTunnelIsAProxyErrorAndTheProxySeesNoHeaders() async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            seen.establish(request)
            return ScriptedServer.answer("407 Proxy Authentication Required")
        }) { proxy in
            try await withClient(.init(proxy: .url("http://user:pass@127.0.0.1:\(proxy.port)"))) { client in
                let error = try await client.failure(
                    of: HTTPRequest(.post, "https://platform.invalid/x", headers: [.init("api_access_token", "t")]))
                #expect(error.code == .proxy)
                #expect(!error.mayHaveBeenSent)
                #expect(
                    error.message
                        == "The proxy answers with status 407 and does not connect to the host platform.invalid.")
                #expect(!"\(error)".contains("pass"))
            }
        }
        let request = await seen.value
        #expect(request.method == "CONNECT")
        #expect(request["api_access_token"] == nil)
    }

    @Test func unreachableProxy() async throws {
        let server = try ScriptedServer { _ in }
        server.stop()
        try await withClient(.init(proxy: .url("127.0.0.1:\(server.port)"))) { client in
            let error = try await client.failure(of: HTTPRequest(.post, "http://platform.invalid/x"))
            #expect(error.code == .proxy)
            #expect(!error.mayHaveBeenSent)
            #expect(error.retryable)
        }
    }

    @Test func unknownProxyHost() async throws {
        try await withClient(.init(proxy: .url("http://proxy.invalid:3128"))) { client in
            let error = try await client.failure(of: HTTPRequest(.get, "http://platform.invalid/x"))
            #expect(error.code == .proxy)
        }
    }

    @Test(arguments: ["http://", "gopher://x", "a b"])
    func unusableProxyURLIsToldAtOnce(url: String) {
        let error = #expect(throws: HTTPError.self) { try HTTPClient(configuration: .init(proxy: .url(url))) }
        #expect(error?.code == .configuration)
    }

    @Test func environmentIsReadInTheUsualOrder() {
        func settings(_ environment: [String: String]) -> ProxySettings {
            ProxySettings(.environment) { environment[$0] }
        }
        let both = settings(["HTTPS_PROXY": "big", "https_proxy": "small", "http_proxy": "plain", "NO_PROXY": "a,b"])
        #expect(both.secure == "small")
        #expect(both.plain == "plain")
        #expect(both.bypass == "a,b")
        let capitals = settings(["HTTPS_PROXY": "big", "HTTP_PROXY": "attack"])
        #expect(capitals.secure == "big")
        #expect(capitals.plain == nil)
        let all = settings(["ALL_PROXY": "all", "https_proxy": ""])
        #expect(all.secure == "all")
        #expect(all.plain == "all")
    }
}
