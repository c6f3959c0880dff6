import Testing
import WebSocketClient
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
    @Test func tunnelCarriesTheSocket() async throws {
        let request = try await ScriptedServer.run { peer, _ in
            let connect = try await peer.readRequest()
            try await peer.write(Array("HTTP/1.1 200 Connection established\r\n\r\n".utf8))
            // The proxy plays the server at the end of the tunnel, which is enough to see what travels.
            try await peer.upgrade(then: ServerFrame.text(connect) + ServerFrame.close(1000))
            try await peer.waitForEnd()
        } body: { port in
            var configuration = WebSocketConfiguration(url: "ws://chat.example.com/cable")
            configuration.proxy = .url("http://user:pass@127.0.0.1:\(port)")
            return try await WebSocket.connect(configuration).allTexts().first
        }
        #expect(
            request
                == "CONNECT chat.example.com:80 HTTP/1.1\r\nHost: chat.example.com:80\r\n"
                + "Proxy-Authorization: Basic dXNlcjpwYXNz")
    }

    @Test(arguments: [(407, false), (502, true)])
    func refusalOfTheProxyIsNamed(status: Int, retryable: Bool) async throws {
        let error = try await ScriptedServer.run { peer, _ in
            _ = try await peer.readRequest()
            try await peer.write(Array("HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n".utf8))
            try await peer.waitForEnd()
        } body: { port in
            var configuration = WebSocketConfiguration(url: "wss://chat.example.com/cable")
            configuration.proxy = .url("http://user:hunter2@127.0.0.1:\(port)")
            return await connectError(configuration)
        }
        #expect(error?.code == .proxy)
        #expect(error?.httpStatus == status)
        #expect(error?.retryable == retryable)
        #expect(error.map { !"\($0)".contains("hunter2") } == true)
    }

    @Test func unreachableProxyIsNamed() async throws {
        let port = try await ScriptedServer.run { _, _ in
        } body: {
            $0
        }
        var configuration = WebSocketConfiguration(url: "wss://chat.example.com/cable")
        configuration.proxy = .url("http://127.0.0.1:\(port)")
        let error = await connectError(configuration)
        #expect(error?.message == "The proxy 127.0.0.1:\(port) cannot be reached: connection refused.")
    }
}
