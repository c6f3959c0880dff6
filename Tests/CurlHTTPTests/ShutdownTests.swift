import CurlHTTP
import Testing

@Suite struct ShutdownTests {
    @Test func shutdownEndsRequestsAndClosesConnections() async throws {
        let isBusy = Fact<Void>()
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            isBusy.establish()
            connection.readToClose()
            closed.establish()
        }) { server in
            let client = try HTTPClient(configuration: .init(proxy: .none, connectionsPerHost: 1))
            let running = Task { try await client.failure(of: HTTPRequest(.get, server.base)) }
            await isBusy.value
            let waiting = Task { try await client.failure(of: HTTPRequest(.get, server.base)) }
            await client.shutdown()
            let error = try await running.value
            #expect(error.code == .shutdown)
            #expect(error.mayHaveBeenSent)
            let waitingError = try await waiting.value
            #expect(waitingError.code == .shutdown)
            #expect(!waitingError.mayHaveBeenSent)
            await closed.value
        }
    }

    @Test func afterShutdownEveryRequestIsRefused() async throws {
        let client = try HTTPClient(configuration: .init(proxy: .none))
        await client.shutdown()
        let error = try await client.failure(of: HTTPRequest(.get, "http://127.0.0.1:1/"))
        #expect(error.code == .shutdown)
        #expect(!error.mayHaveBeenSent)
    }

    @Test func shutdownMayBeCalledFromManyTasks() async throws {
        let client = try HTTPClient(configuration: .init(proxy: .none))
        await withTaskGroup { group in
            for _ in 0..<20 { group.addTask { await client.shutdown() } }
        }
        await client.shutdown()
    }

    @Test func lettingGoOfTheClientClosesItsConnections() async throws {
        let closed = Fact<Void>()
        try await ScriptedServer.run({ connection in
            while connection.readRequest() != nil { connection.send(ScriptedServer.answer()) }
            closed.establish()
        }) { server in
            do {
                let client = try HTTPClient(configuration: .init(proxy: .none))
                _ = try await client.send(HTTPRequest(.get, server.base))
            }
            await closed.value
        }
    }
}
