import Testing
import WebSocketClient
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct HandshakeTests {
    @Test func frameInTheSameWriteAsTheSwitchIsNotLost() async throws {
        let texts = try await withSocket {
            try await $0.upgrade(then: ServerFrame.text(#"{"type":"welcome"}"#) + ServerFrame.text("second"))
            try await $0.write(ServerFrame.text("third") + ServerFrame.close(1000))
            try await $0.waitForEnd()
        } body: {
            try await $0.allTexts()
        }
        #expect(texts == [#"{"type":"welcome"}"#, "second", "third"])
    }

    @Test func halfAFrameInTheSameWriteAsTheSwitchIsCompletedLater() async throws {
        let frame = ServerFrame.text("welcome")
        let texts = try await withSocket {
            try await $0.upgrade(then: Array(frame.prefix(4)))
            try await $0.write(Array(frame.dropFirst(4)) + ServerFrame.close(1000))
            try await $0.waitForEnd()
        } body: {
            try await $0.allTexts()
        }
        #expect(texts == ["welcome"])
    }

    @Test func pingAndCloseInTheSameWriteAsTheSwitchAreAnswered() async throws {
        // Both answers are written while the HTTP handlers are leaving the pipeline.
        let closure = try await withSocket { peer in
            try await peer.upgrade(then: ServerFrame.make(opcode: 9, [1]) + ServerFrame.close(4002, "soon"))
            try await peer.waitForEnd()
        } body: { socket in
            _ = try await socket.allTexts()
            return socket.closure
        }
        #expect(closure == WebSocketClosure(code: 4002, reason: "soon", wasClean: true, isLocal: false))
    }

    @Test func answerMayArriveByteByByte() async throws {
        let texts = try await withSocket { peer in
            let request = try await peer.readRequest()
            for byte in ServerPeer.switching(request) + ServerFrame.text("x") + ServerFrame.close(1000) {
                try await peer.write([byte])
            }
            try await peer.waitForEnd()
        } body: {
            try await $0.allTexts()
        }
        #expect(texts == ["x"])
    }

    @Test func requestNamesHostOriginAndSubprotocols() async throws {
        let socket = try await withSocket {
            $0.subprotocols = ["actioncable-v1-json", "actioncable-unsupported"]
        } script: { peer in
            let request = try await peer.upgrade(subprotocol: "actioncable-v1-json")
            try await peer.send(request)
        } body: { socket in
            var iterator = socket.batches.makeAsyncIterator()
            let request = try #require(try await iterator.next()?.first)
            return (socket.negotiatedSubprotocol, String(decoding: request.payload, as: UTF8.self))
        }
        #expect(socket.0 == "actioncable-v1-json")
        #expect(socket.1.hasPrefix("GET /cable HTTP/1.1\r\n"))
        let host = try #require(ServerPeer.header("host", in: socket.1))
        #expect(host.hasPrefix("127.0.0.1:"))
        #expect(ServerPeer.header("origin", in: socket.1) == "http://" + host)
        #expect(ServerPeer.header("sec-websocket-version", in: socket.1) == "13")
        #expect(
            ServerPeer.header("sec-websocket-protocol", in: socket.1) == "actioncable-v1-json, actioncable-unsupported")
    }

    @Test(arguments: [nil, "something-else"])
    func missingOrStrangeSubprotocolIsTolerated(subprotocol: String?) async throws {
        let negotiated = try await withSocket {
            $0.subprotocols = ["actioncable-v1-json"]
        } script: {
            try await $0.upgrade(subprotocol: subprotocol)
            try await $0.waitForEnd()
        } body: {
            $0.negotiatedSubprotocol
        }
        #expect(negotiated == subprotocol)
    }

    @Test func refusalShowsStatusAndTheBeginningOfTheBody() async throws {
        let error = try await refused(
            "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 15\r\n\r\nPage\n\tnot found")
        #expect(error.code == .refused)
        #expect(error.httpStatus == 404)
        #expect(error.bodyPrefix == "Page not found")
        #expect(error.message == "127.0.0.1 refused the upgrade to a WebSocket with HTTP 404 (Page not found).")
        #expect(!error.retryable)
    }

    @Test func endlessBodyOfARefusalIsCut() async throws {
        let body = String(repeating: "\u{1B}[31mword ", count: 5000)
        let error = try await refused("HTTP/1.1 503 Unavailable\r\nRetry-After: 7\r\n\r\n" + body)
        #expect(error.httpStatus == 503)
        #expect(error.retryAfter == .seconds(7))
        #expect(error.retryable)
        #expect((error.bodyPrefix ?? "").count <= 160)
        #expect(!error.message.contains("\u{1B}"))
    }

    @Test func refusalWithoutTheEndOfItsBodyIsReportedAllTheSame() async throws {
        let error = try await refused("HTTP/1.1 401 Unauthorized\r\nContent-Length: 100\r\n\r\nno", staysOpen: true)
        #expect(error.httpStatus == 401)
        #expect(error.bodyPrefix == "no")
    }

    @Test func wrongAcceptKeyIsNotTrusted() async throws {
        let error = try await refused(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")
        #expect(error.code == .protocolViolation)
    }

    @Test func otherProtocolsAreNamed() async throws {
        #expect(try await refused("SSH-2.0-OpenSSH_9.2\r\n").message == "127.0.0.1 does not answer in HTTP.")
    }

    @Test func connectionClosedWithoutAnAnswerIsNamed() async throws {
        #expect(try await refused("").message == "127.0.0.1 closed the connection without an answer.")
    }

    @Test func queryAndCredentialsNeverShow() async throws {
        let error = try await refused(
            "HTTP/1.1 500 Error\r\nContent-Length: 33\r\n\r\nerror at /cable?token=hunter2 ...",
            path: "/cable?token=hunter2")
        #expect(error.httpStatus == 500)
        #expect(!"\(error) \(error.message) \(error.bodyPrefix ?? "")".contains("hunter2"))
        let bad = await connectError(WebSocketConfiguration(url: "wss://user:hunter2@example.org/"))
        #expect(bad?.code == .badURL)
        #expect(bad.map { !"\($0)".contains("hunter2") } == true)
    }

    @Test func silenceAfterConnectingTimesOut() async throws {
        let error = try await ScriptedServer.run { peer, _ in
            try await peer.waitForEnd()
        } body: { port in
            var configuration = local(port)
            configuration.connectTimeout = .milliseconds(100)
            return await connectError(configuration)
        }
        #expect(error?.code == .timeout)
        #expect(error?.retryable == true)
    }

    @Test func cancellingGivesTheAttemptUpAndHangsUp() async throws {
        let error = try await ScriptedServer.run { peer, _ in
            _ = try await peer.readRequest()
            try await peer.waitForEnd()
        } body: { port in
            let attempt = Task { await connectError(local(port)) }
            attempt.cancel()
            return await attempt.value
        }
        #expect(error?.code == .cancelled)
    }

    @Test func closedPortIsOneClearSentence() async throws {
        let port = try await ScriptedServer.run { _, _ in
        } body: {
            $0
        }
        let error = try #require(await connectError(local(port)))
        #expect(error.code == .connect)
        #expect(error.message == "127.0.0.1:\(port) cannot be reached: connection refused.")
        #expect(error.retryable)
    }

    @Test func unknownNameIsOneClearSentence() async throws {
        let configuration = WebSocketConfiguration(url: "ws://no-such-host.invalid/cable", proxy: .none)
        let error = try #require(await connectError(configuration))
        #expect(error.code == .resolve)
        #expect(error.message == "The name of no-such-host.invalid could not be resolved.")
    }

    @Test func headerWithALineBreakIsNotSent() async throws {
        var configuration = local(1)
        configuration.headers = [("Origin", "https://a\r\nX-Evil: 1")]
        #expect(await connectError(configuration)?.code == .badURL)
    }

    private func refused(
        _ answer: String, path: String = "/cable", staysOpen: Bool = false
    ) async throws -> WebSocketError {
        let error = try await ScriptedServer.run { peer, _ in
            _ = try await peer.readRequest()
            try await peer.write(Array(answer.utf8))
            if staysOpen { try await peer.waitForEnd() }
        } body: { port in
            await connectError(local(port, path: path))
        }
        return try #require(error)
    }
}
