import CurlHTTP
import Synchronization
import Testing

@Suite struct RedirectTests {
    private func location(_ target: String, _ status: String = "302 Found") -> String {
        ScriptedServer.answer(status, ["Location: \(target)"])
    }

    @Test func redirectsAreAnswersUnlessAskedFor() async throws {
        try await ScriptedServer.run(answering: { _ in location("/b") }) { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(.get, server.base + "/a"))
                #expect(response.status == 302)
                #expect(response.headers["Location"] == "/b")
            }
        }
    }

    @Test func withinAnOriginEverythingTravels() async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            if request.target == "/a" { return location("b?c", "307 Temporary Redirect") }
            seen.establish(request)
            return ScriptedServer.answer(body: "end")
        }) { server in
            try await withClient { client in
                let response = try await client.send(
                    HTTPRequest(
                        .post, server.base + "/a", headers: [.init("api_access_token", "t")], body: .json([1]),
                        redirectLimit: 1))
                #expect(response.status == 200)
                #expect(response.body == Array("end".utf8))
            }
        }
        let request = await seen.value
        #expect(request.method == "POST")
        #expect(request.target == "/b?c")
        #expect(request["api_access_token"] == "t")
        #expect(request.body == [1])
    }

    @Test func toAnotherOriginNoCredentialTravels() async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            seen.establish(request)
            return ScriptedServer.answer()
        }) { other in
            try await ScriptedServer.run(answering: { _ in location(other.base + "/x") }) { server in
                try await withClient { client in
                    let headers: [HTTPHeader] = [
                        .init("Authorization", "secret"), .init("Cookie", "secret"),
                        .init("api_access_token", "secret"),
                        .init("Accept", "text/plain"),
                    ]
                    _ = try await client.send(HTTPRequest(.get, server.base, headers: headers, redirectLimit: 3))
                }
            }
        }
        let request = await seen.value
        #expect(request["Accept"] == "text/plain")
        #expect(!request.headers.contains { $0.value.contains("secret") })
    }

    @Test func bodyDoesNotTravelToAnotherOrigin() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer() }) { other in
            try await ScriptedServer.run(answering: { _ in
                location(other.base + "/secret-place", "308 Permanent Redirect")
            }) { server in
                try await withClient { client in
                    let error = try await client.failure(
                        of: HTTPRequest(.post, server.base, body: .json([1]), redirectLimit: 3))
                    #expect(error.code == .redirect)
                    #expect(error.mayHaveBeenSent)
                    #expect(!"\(error)".contains("secret-place"))
                    #expect(other.connectionCount == 0)
                }
            }
        }
    }

    @Test(arguments: ["301 Moved", "302 Found", "303 See Other"])
    func postBecomesGet(status: String) async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            if request.target == "/a" { return location("/b", status) }
            seen.establish(request)
            return ScriptedServer.answer()
        }) { server in
            try await withClient { client in
                _ = try await client.send(HTTPRequest(.post, server.base + "/a", body: .json([1]), redirectLimit: 1))
            }
        }
        let request = await seen.value
        #expect(request.method == "GET")
        #expect(request.body.isEmpty)
        #expect(request["Content-Type"] == nil)
    }

    @Test func loopEndsAtTheLimit() async throws {
        let count = Mutex(0)
        try await ScriptedServer.run(answering: { _ in
            count.withLock { $0 += 1 }
            return location("/again")
        }) { server in
            try await withClient { client in
                let error = try await client.failure(of: HTTPRequest(.get, server.base, redirectLimit: 4))
                #expect(error.code == .redirect)
                #expect(count.withLock { $0 } == 5)
            }
        }
    }

    @Test(arguments: ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://", "gopher://a/"])
    func otherSchemesAreNotFollowed(target: String) async throws {
        try await ScriptedServer.run(answering: { _ in location(target) }) { server in
            try await withClient { client in
                let error = try await client.failure(of: HTTPRequest(.get, server.base, redirectLimit: 4))
                #expect(error.code == .redirect)
            }
        }
    }

    @Test func hopsShareTheTimeLimit() async throws {
        try await ScriptedServer.run({ connection in
            while let request = connection.readRequest() {
                if request.target == "/deaf" {
                    connection.readToClose()
                    return
                }
                connection.send(location("/deaf"))
            }
        }) { server in
            try await withClient { client in
                let error = try await client.failure(
                    of: HTTPRequest(.get, server.base, timeout: .milliseconds(100), redirectLimit: 1))
                #expect(error.code == .timeout)
            }
        }
    }
}
