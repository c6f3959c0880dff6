import CurlHTTP
import Synchronization
import Testing

@Suite struct FailureTests {
    private static let secret = "s3cr3t"

    /// A request whose URL, header and body all hold a secret.
    private func request(_ base: String, _ method: HTTPMethod = .post) -> HTTPRequest {
        HTTPRequest(
            method, base + "/\(Self.secret)?token=\(Self.secret)", displayPath: "/shown",
            headers: [.init("api_access_token", Self.secret)],
            body: method == .get ? .none : .json(Array(Self.secret.utf8)))
    }

    private func expect(
        _ error: HTTPError, _ code: HTTPError.Code, sent: Bool, retryable: Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(error.code == code, sourceLocation: sourceLocation)
        #expect(error.mayHaveBeenSent == sent, sourceLocation: sourceLocation)
        #expect(error.retryable == retryable, sourceLocation: sourceLocation)
        #expect(error.shortDescription == code.description, sourceLocation: sourceLocation)
        #expect("\(error)".hasPrefix("\(error.method?.rawValue ?? "") /shown: "), sourceLocation: sourceLocation)
        var dumped = ""
        dump(error, to: &dumped)
        #expect(!dumped.contains(Self.secret), sourceLocation: sourceLocation)
    }

    @Test func closedPortIsAConnectError() async throws {
        let server = try ScriptedServer { _ in }
        server.stop()
        try await withClient { client in
            let error = try await client.failure(of: request(server.base))
            expect(error, .connect, sent: false, retryable: true)
            #expect(error.message == "No connection to the host 127.0.0.1: connection refused.")
            #expect(error.curlCode == 7)
        }
    }

    @Test func unknownHostIsAResolveError() async throws {
        try await withClient { client in
            let error = try await client.failure(of: request("http://nowhere.invalid"))
            expect(error, .resolve, sent: false, retryable: true)
            #expect(error.message == "The address of the host nowhere.invalid cannot be found.")
        }
    }

    @Test(arguments: [
        "", "x", "ftp://h", "file:///etc/passwd", "http://", "http://h:99999", "https://a b", "http://h\n",
        "http://h/é",
    ])
    func badURL(url: String) async throws {
        try await withClient { client in
            let error = try await client.failure(of: request(url))
            expect(error, .badURL, sent: false, retryable: false)
        }
    }

    @Test(arguments: [
        HTTPHeader("X", "a\r\nInjected: 1"), HTTPHeader("X", "a\nb"), HTTPHeader("X", "a\0b"), HTTPHeader("X: y", "z"),
        HTTPHeader("", "z"), HTTPHeader("X\r\nY", "z"), HTTPHeader("Content-Length", "5"),
        HTTPHeader("transfer-encoding", "chunked"),
    ])
    func headersThatWouldChangeTheMessage(header: HTTPHeader) async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer() }) { server in
            try await withClient { client in
                var request = request(server.base)
                request.headers.append(header)
                let error = try await client.failure(of: request)
                expect(error, .invalidRequest, sent: false, retryable: false)
                #expect(server.connectionCount == 0)
            }
        }
    }

    @Test(arguments: ["", "GE T", "GET\r\n", "CONNECT"])
    func badMethod(method: String) async throws {
        try await withClient { client in
            let error = try await client.failure(of: request("http://127.0.0.1:1", .init(rawValue: method)))
            #expect(error.code == .invalidRequest)
            #expect(!error.mayHaveBeenSent)
        }
    }

    @Test func answerThatIsNotHTTP() async throws {
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.send("SSH-2.0-OpenSSH\r\n\(Self.secret)\r\n")
        }) { server in
            try await withClient { client in
                let error = try await client.failure(of: request(server.base))
                expect(error, .protocolError, sent: true, retryable: false)
            }
        }
    }

    @Test func answerThatBreaksOff() async throws {
        try await ScriptedServer.run({ connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
        }) { server in
            try await withClient { client in
                let error = try await client.failure(of: request(server.base, .get))
                expect(error, .aborted, sent: true, retryable: true)
            }
        }
    }

    @Test func connectionClosedWithoutAnAnswer() async throws {
        try await ScriptedServer.run({ connection in _ = connection.readRequest() }) { server in
            try await withClient { client in
                let error = try await client.failure(of: request(server.base))
                expect(error, .aborted, sent: true, retryable: true)
                #expect(server.connectionCount == 1)
            }
        }
    }

    /// The first connection takes a second request and dies; libcurl would repeat it on a new connection.
    private func dyingConnection(
        _ method: HTTPMethod, _ body: (HTTPClient, HTTPRequest) async throws -> Void
    ) async throws -> [String] {
        let seen = Mutex<[String]>([])
        try await ScriptedServer.run({ connection in
            while let request = connection.readRequest() {
                let isSecond = seen.withLock { seen in
                    seen.append("\(connection.number) \(request.method)")
                    return seen.count == 2
                }
                if isSecond { return }
                connection.send(ScriptedServer.answer())
            }
        }) { server in
            try await withClient { client in
                _ = try await client.send(HTTPRequest(.get, server.base))
                try await body(client, request(server.base, method))
            }
        }
        return seen.withLock { $0 }
    }

    @Test(arguments: [HTTPMethod.post, .patch])
    func requestThatMayHaveTakenEffectIsNotRepeated(method: HTTPMethod) async throws {
        let seen = try await dyingConnection(method) { client, request in
            let error = try await client.failure(of: request)
            expect(error, .aborted, sent: true, retryable: true)
        }
        #expect(seen == ["1 GET", "1 \(method.rawValue)"])
    }

    @Test(arguments: [HTTPMethod.get, .put, .delete])
    func idempotentRequestIsRepeatedOnANewConnection(method: HTTPMethod) async throws {
        let seen = try await dyingConnection(method) { client, request in
            let response = try await client.send(request)
            #expect(response.status == 200)
        }
        #expect(seen == ["1 GET", "1 \(method.rawValue)", "2 \(method.rawValue)"])
    }

    @Test func descriptionsOfRequestsAndHeadersHideValues() {
        let request = request("http://127.0.0.1")
        #expect("\(request)" == "POST /shown")
        #expect(String(reflecting: request) == "POST /shown")
        #expect("\(request.headers)".contains("api_access_token: ***"))
        let headers = HTTPHeaders([.init("Set-Cookie", Self.secret)])
        #expect("\(headers)" == "[Set-Cookie]")
        #expect(!"\(HTTPResponse(status: 200, headers: headers))".contains(Self.secret))
    }
}
