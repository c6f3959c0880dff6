import Synchronization
import Testing
import WebSocketClient
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct BackpressureTests {
    @Test func slowConsumerStopsTheSenderAndLosesNothing() async throws {
        let frame = ServerFrame.make(opcode: 2, [UInt8](repeating: 7, count: 60_000))
        let total = 2_000
        let written = Mutex(0)
        let (before, received) = try await ScriptedServer.run { peer, _ in
            try await peer.upgrade()
            for _ in 0..<total {
                try await peer.write(frame)
                written.withLock { $0 += 1 }
            }
            try await peer.write(ServerFrame.close(1000))
            try await peer.waitForEnd()
        } body: { port in
            let socket = try await WebSocket.connect(local(port))
            // Nothing is consumed until the sender has stood still for a while: its writes wait for the socket.
            var before = -1
            while before != written.withLock({ $0 }) || before == 0 {
                before = written.withLock { $0 }
                try await Task.sleep(for: .milliseconds(200))
            }
            var received = 0
            for try await batch in socket.batches { received += batch.count }
            return (before, received)
        }
        // 120 MB do not fit into the buffers of a connection; without back-pressure they would all be in memory.
        #expect(before < total)
        #expect(received == total)
    }
}
