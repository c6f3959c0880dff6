import Synchronization
import Testing
import WebSocketClient
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct TapTests {
    @Test func aTapSeesEveryMessageOfBothSidesAndTheEnd() async throws {
        let seen = Mutex<[String]>([])
        let tap = WebSocketTap { traffic in
            let line =
                switch traffic.happening {
                case .opened(let url): "opened \(url.hasSuffix("/cable"))"
                case .sent(let message): "sent \(message.kind) \(String(decoding: message.payload, as: UTF8.self))"
                case .received(let message): "received \(String(decoding: message.payload, as: UTF8.self))"
                case .closed(let closure): "closed \(closure.code)"
                }
            seen.withLock { $0.append("\(traffic.connection) \(line)") }
        }
        try await ScriptedServer.run { peer, _ in
            try await peer.upgrade()
            _ = try await peer.nextFrame()
            _ = try await peer.nextFrame()
            try await peer.write(ServerFrame.text("answer"))
            try await peer.write(ServerFrame.close(4001, "go"))
            try await peer.waitForEnd()
        } body: { port in
            for _ in 0..<2 {
                var configuration = local(port)
                configuration.tap = tap
                let socket = try await WebSocket.connect(configuration)
                try await socket.send(text: "one")
                try await socket.send(binary: Array("two".utf8))
                #expect(try await socket.allTexts() == ["answer"])
            }
        }
        let expected = ["opened true", "sent text one", "sent binary two", "received answer", "closed 4001"]
        #expect(seen.withLock { $0 } == expected.map { "1 " + $0 } + expected.map { "2 " + $0 })
    }
}
