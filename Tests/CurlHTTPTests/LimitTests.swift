import CurlHTTP
import Testing

@Suite struct LimitTests {
    @Test func announcedSizeAboveTheLimitIsRefusedAtOnce() async throws {
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            // The body never comes: only the announcement can end the transfer.
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")
            connection.readToClose()
            closed.establish()
        }) { server in
            try await withClient { client in
                let error = try await client.failure(of: HTTPRequest(.get, server.base, maxResponseBytes: 1000))
                #expect(error.code == .tooLarge)
                #expect(!error.retryable)
                #expect(error.mayHaveBeenSent)
                await closed.value
            }
        }
    }

    @Test func endlessAnswerIsCutWhileItIsRead() async throws {
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.send("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") {}
            closed.establish()
        }) { server in
            try await withClient { client in
                let error = try await client.failure(of: HTTPRequest(.get, server.base, maxResponseBytes: 100_000))
                #expect(error.code == .tooLarge)
                await closed.value
            }
        }
    }

    @Test func answerOfExactlyTheLimitPasses() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer(body: "12345") }) { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(.get, server.base, maxResponseBytes: 5))
                #expect(response.body.count == 5)
                let error = try await client.failure(of: HTTPRequest(.get, server.base, maxResponseBytes: 4))
                #expect(error.code == .tooLarge)
            }
        }
    }

    @Test func endlessHeadersAreCut() async throws {
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n")
            while connection.send("X-Header: " + String(repeating: "x", count: 1024) + "\r\n") {}
            closed.establish()
        }) { server in
            try await withClient { client in
                let error = try await client.failure(of: HTTPRequest(.get, server.base))
                #expect(error.code == .tooLarge)
                await closed.value
            }
        }
    }

    @Test func silentServerRunsIntoTheTimeLimit() async throws {
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            connection.readToClose()
            closed.establish()
        }) { server in
            try await withClient { client in
                let error = try await client.failure(
                    of: HTTPRequest(.post, server.base, body: .json([]), timeout: .milliseconds(50)))
                #expect(error.code == .timeout)
                #expect(error.retryable)
                #expect(error.mayHaveBeenSent)
                #expect(error.message == "No complete answer within 50 ms.")
                await closed.value
            }
        }
    }

    @Test func waitingForAConnectionCountsAgainstTheTimeLimit() async throws {
        let isBusy = Fact<Void>()
        try await ScriptedServer.run({ connection in
            _ = connection.readRequest()
            isBusy.establish()
            connection.readToClose()
        }) { server in
            try await withClient(.init(proxy: .none, connectionsPerHost: 1)) { client in
                let holder = Task { try await client.send(HTTPRequest(.get, server.base)) }
                await isBusy.value
                let error = try await client.failure(
                    of: HTTPRequest(.post, server.base, timeout: .milliseconds(50)))
                #expect(error.code == .timeout)
                #expect(!error.mayHaveBeenSent)
                #expect(server.connectionCount == 1)
                holder.cancel()
                _ = await holder.result
            }
        }
    }
}
