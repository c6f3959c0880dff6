import CurlHTTP
import Synchronization
import Testing

@Suite struct CancellationTests {
    @Test func cancelledTaskClosesItsConnection() async throws {
        let isBusy = Fact<Void>()
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            isBusy.establish()
            connection.readToClose()
            closed.establish()
        }) { server in
            try await withClient { client in
                let task = Task { try await client.failure(of: HTTPRequest(.post, server.base)) }
                await isBusy.value
                task.cancel()
                let error = try await task.value
                #expect(error.code == .cancelled)
                #expect(error.mayHaveBeenSent)
                #expect(!error.retryable)
                await closed.value
            }
        }
    }

    @Test func cancellationInTheMiddleOfAnAnswerClosesTheConnection() async throws {
        let isBusy = Fact<Void>()
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
            isBusy.establish()
            connection.readToClose()
            closed.establish()
        }) { server in
            try await withClient { client in
                let task = Task { try await client.failure(of: HTTPRequest(.get, server.base)) }
                await isBusy.value
                task.cancel()
                let error = try await task.value
                #expect(error.code == .cancelled)
                await closed.value
            }
        }
    }

    @Test func cancelledTaskSendsNothing() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer() }) { server in
            try await withClient { client in
                let error = try await Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return try await client.failure(of: HTTPRequest(.get, server.base))
                }.value
                #expect(error.code == .cancelled)
                #expect(!error.mayHaveBeenSent)
                #expect(server.connectionCount == 0)
            }
        }
    }

    @Test func cancelledWhileWaitingForAConnectionLeavesThePlaceToTheNext() async throws {
        let isBusy = Fact<Void>()
        let mayAnswer = Fact<Void>()
        let targets = Mutex<[String]>([])
        try await ScriptedServer.run({ connection in
            while let request = connection.readRequest() {
                targets.withLock { $0.append(request.target) }
                if request.target == "/first" {
                    isBusy.establish()
                    mayAnswer.wait()
                }
                connection.send(ScriptedServer.answer())
            }
        }) { server in
            try await withClient(.init(proxy: .none, connectionsPerHost: 1)) { client in
                let first = Task { try await client.send(HTTPRequest(.get, server.base + "/first")).status }
                await isBusy.value
                let cancelled = Task { try await client.failure(of: HTTPRequest(.get, server.base + "/cancelled")) }
                cancelled.cancel()
                let error = try await cancelled.value
                #expect(error.code == .cancelled)
                #expect(!error.mayHaveBeenSent)
                let last = Task { try await client.send(HTTPRequest(.get, server.base + "/last")).status }
                mayAnswer.establish()
                #expect(try await first.value == 200)
                #expect(try await last.value == 200)
            }
        }
        #expect(targets.withLock { $0 } == ["/first", "/last"])
    }

    @Test func othersGoOnWhenOneIsCancelled() async throws {
        let isBusy = Fact<Void>()
        try await ScriptedServer.run({ connection in
            while let request = connection.readRequest() {
                if request.target == "/deaf" {
                    isBusy.establish()
                    connection.readToClose()
                    return
                }
                connection.send(ScriptedServer.answer(body: request.target))
            }
        }) { server in
            try await withClient { client in
                let deaf = Task { try? await client.send(HTTPRequest(.get, server.base + "/deaf")) }
                let others = (0..<50).map { number in
                    Task { try await client.send(HTTPRequest(.get, server.base + "/\(number)")).status }
                }
                await isBusy.value
                deaf.cancel()
                for other in others {
                    let status = try await other.value
                    #expect(status == 200)
                }
                #expect(await deaf.value == nil)
            }
        }
    }
}
