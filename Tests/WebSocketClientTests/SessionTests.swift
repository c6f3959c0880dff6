import Testing
import WebSocketClient
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct SessionTests {
    @Test func closeOfTheServerIsVisibleAndAnswered() async throws {
        let closure = try await withSocket { peer in
            try await peer.upgrade()
            try await peer.write(ServerFrame.close(4001, "go away"))
            try await peer.waitForEnd()
        } body: { socket in
            let texts = try await socket.allTexts()
            #expect(texts.isEmpty)
            return socket.closure
        }
        #expect(closure == WebSocketClosure(code: 4001, reason: "go away", wasClean: true, isLocal: false))
    }

    @Test func endWithoutACloseFrameEndsTheBatchesNormally() async throws {
        let (texts, closure) = try await withSocket { peer in
            try await peer.upgrade(then: ServerFrame.text("last"))
        } body: { socket in
            (try await socket.allTexts(), socket.closure)
        }
        #expect(texts == ["last"])
        #expect(closure?.code == 1006)
        #expect(closure?.wasClean == false)
    }

    @Test func closingSaysGoodbyeAndWaitsForTheAnswer() async throws {
        let closure = try await withSocket { peer in
            try await peer.upgrade()
            let frame = try await peer.nextFrame()
            if frame?.opcode == 8, frame?.payload == [0x0F, 0xA1] + Array("done".utf8) {
                try await peer.write(ServerFrame.close(4001))
            }
            try await peer.waitForEnd()
        } body: { socket in
            await socket.close(code: 4001, reason: "done")
            return socket.closure
        }
        #expect(closure == WebSocketClosure(code: 4001, reason: "done", wasClean: true, isLocal: true))
    }

    @Test func abortHangsUpWithoutWords() async throws {
        let closure = try await withSocket { peer in
            try await peer.upgrade()
            try await peer.waitForEnd()
        } body: { socket in
            socket.abort()
            socket.abort()
            let texts = try await socket.allTexts()
            #expect(texts.isEmpty)
            return socket.closure
        }
        #expect(closure?.isLocal == true)
    }

    @Test func sendingAfterTheEndIsAnError() async throws {
        let socket = try await withSocket { peer in
            try await peer.upgrade()
        } body: { socket in
            _ = try await socket.allTexts()
            return socket
        }
        await #expect(throws: WebSocketError.self) { try await socket.send(text: "too late") }
    }

    @Test func messagesGoBothWays() async throws {
        let texts = try await withSocket { peer in
            try await peer.upgrade()
            while let frame = try await peer.nextFrame(), frame.opcode != 8 {
                try await peer.write(ServerFrame.make(opcode: frame.opcode, frame.payload.reversed()))
            }
        } body: { socket in
            var iterator = socket.batches.makeAsyncIterator()
            var received: [WebSocketMessage] = []
            try await socket.send(text: "abc")
            socket.enqueue(text: Array("def".utf8))
            try await socket.send(binary: [0, 255])
            while received.count < 3, let batch = try await iterator.next() { received += batch }
            return received
        }
        #expect(
            texts == [
                WebSocketMessage(kind: .text, payload: Array("cba".utf8)),
                WebSocketMessage(kind: .text, payload: Array("fed".utf8)),
                WebSocketMessage(kind: .binary, payload: [255, 0]),
            ])
    }

    @Test func framesOfOneReadComeInOneBatch() async throws {
        let count = try await withSocket { peer in
            let frames = (0..<100).flatMap { ServerFrame.text("\($0)") }
            try await peer.upgrade(then: frames)
            try await peer.waitForEnd()
        } body: { socket in
            var iterator = socket.batches.makeAsyncIterator()
            return try await iterator.next()?.count
        }
        #expect(count == 100)
    }

    @Test func pingsAreAnsweredWithTheirPayload() async throws {
        let texts = try await withSocket { peer in
            try await peer.upgrade(then: ServerFrame.make(opcode: 9, Array("beat".utf8)))
            let frame = try await peer.nextFrame()
            try await peer.send("\(frame?.opcode ?? 0) \(String(decoding: frame?.payload ?? [], as: UTF8.self))")
            try await peer.write(ServerFrame.close(1000))
            try await peer.waitForEnd()
        } body: {
            try await $0.allTexts()
        }
        #expect(texts == ["10 beat"])
    }

    @Test func silenceEndsInAnError() async throws {
        let error = await failure {
            $0.idleTimeout = .milliseconds(50)
        } script: { peer in
            try await peer.upgrade()
            try await peer.waitForEnd()
        }
        #expect(error?.code == .timeout)
        #expect(error?.retryable == true)
    }

    @Test func tooLargeFrameEndsInAnError() async throws {
        let error = await failure {
            $0.maxFrameSize = 1000
        } script: { peer in
            try await peer.upgrade(then: ServerFrame.text(String(repeating: "x", count: 1001)))
            try await peer.waitForEnd()
        }
        #expect(error?.code == .tooLarge)
    }

    @Test func brokenRuleIsToldToTheServerAndTheConsumer() async throws {
        let (error, closure) = try await withSocket { peer in
            try await peer.upgrade(then: ServerFrame.text("ok") + ServerFrame.make(opcode: 1, [0xFF]))
            let frame = try await peer.nextFrame()
            if frame?.payload.prefix(2) != [0x03, 0xEF] { try await peer.waitForEnd() }
        } body: { socket async throws -> (WebSocketError?, WebSocketClosure?) in
            var iterator = socket.batches.makeAsyncIterator()
            #expect(try await iterator.next()?.count == 1)
            do {
                _ = try await iterator.next()
                return (nil, nil)
            } catch {
                return (error as? WebSocketError, socket.closure)
            }
        }
        #expect(error?.code == .protocolViolation)
        #expect(closure?.code == 1007)
    }

    private func failure(
        _ change: @escaping @Sendable (inout WebSocketConfiguration) -> Void,
        script: @escaping @Sendable (inout ServerPeer) async throws -> Void
    ) async -> WebSocketError? {
        do {
            _ = try await withSocket(change, script: script) { try await $0.allTexts() }
            return nil
        } catch {
            return error as? WebSocketError
        }
    }
}
