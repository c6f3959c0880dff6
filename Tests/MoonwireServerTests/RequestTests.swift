import Moonwire
import Testing

@testable import MoonwireServer

struct RequestTests {
    @Test func aRequestReachesItsRouteAndTheConnectionGoesOn() async throws {
        try await withServer([EchoRoute()]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("POST //echo/?a=1&b=%C3%A9+x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi")
                let first = try await wire.answer()
                #expect(first.status == 200)
                #expect(first.body == "POST /echo [a=1,b=é x] hi")
                #expect(first.headers["connection"] == nil)
                #expect(first.headers["date"]?.hasSuffix(" GMT") == true)
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                let second = try await wire.answer()
                #expect(second.body == "GET /echo [] ")
                #expect(first.headers["x-request-id"] != second.headers["x-request-id"])
            }
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await withServer([EchoRoute()]) { server in
            try await Wire.open(port: server.port) { wire in
                let requests = (0..<5).map { "GET /echo?n=\($0) HTTP/1.1\r\nHost: h\r\n\r\n" }.joined()
                try await wire.send(requests)
                for index in 0..<5 {
                    let body = try await wire.answer().body
                    #expect(body == "GET /echo [n=\(index)] ")
                }
            }
        }
    }

    @Test func headIsAGetWithoutItsBody() async throws {
        try await withServer([EchoRoute()]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                let head = try await wire.answer(toHead: true)
                #expect(head.headers["content-length"] == "13")
                let get = try await wire.answer()
                #expect(get.body.count == 13)
            }
        }
    }

    @Test func whatIsNotThereIs404AndAnotherMethodIs405() async throws {
        try await withServer([EchoRoute()]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo/below HTTP/1.1\r\nHost: h\r\n\r\n")
                let missing = try await wire.answer()
                #expect(missing.status == 404)
                try await wire.send("DELETE /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                let refused = try await wire.answer()
                #expect(refused.status == 405)
                #expect(refused.headers["allow"] == "GET, HEAD, POST")
            }
        }
    }

    @Test func beforeAllIsMountedAnUnknownAddressIs503() async throws {
        try await withServer { server in
            server.server.routes.isComplete = false
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /hooks/late HTTP/1.1\r\nHost: h\r\n\r\n")
                let early = try await wire.answer()
                #expect(early.status == 503)
                #expect(early.headers["retry-after"] == "2")
            }
        }
    }

    @Test func aRefusalComesBeforeTheBody() async throws {
        let route = EchoRoute(refuses: { _ in .failure(401, "Unauthorized") })
        try await withServer([route]) { server in
            try await Wire.open(port: server.port) { wire in
                // The body never comes.
                try await wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 60\r\n\r\n")
                let answer = try await wire.answer()
                #expect(answer.status == 401)
                #expect(answer.headers["connection"] == "close")
                #expect(answer.body == #"{"error":{"message":"Unauthorized"}}"#)
            }
        }
    }

    @Test func aBodyThatIsAnnouncedTooLargeIsNotReadAndOneThatGrowsTooLargeIsCut() async throws {
        try await withServer([EchoRoute()], settings: { $0.patience.linger = .milliseconds(50) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 65\r\n\r\n")
                let announced = try await wire.answer()
                #expect(announced.status == 413)
            }
            try await Wire.open(port: server.port) { wire in
                let chunk = "20\r\n" + String(repeating: "x", count: 32) + "\r\n"
                try await wire.send(
                    "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + chunk)
                let grown = try await wire.answer()
                #expect(grown.status == 413)
                let rest = try await wire.rest()
                #expect(rest.isEmpty)
            }
            try await Wire.open(port: server.port) { wire in
                let chunk = "20\r\n" + String(repeating: "x", count: 32) + "\r\n"
                try await wire.send(
                    "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk + "0\r\n\r\n"
                )
                let full = try await wire.answer()
                #expect(full.body.count == "POST /echo [] ".count + 64)
            }
        }
    }

    @Test func whoExpects100IsToldToGoOn() async throws {
        try await withServer([EchoRoute()]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(
                    "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
                let interim = try await wire.answer()
                #expect(interim.status == 100)
                try await wire.send("hi")
                let answer = try await wire.answer()
                #expect(answer.body.hasSuffix("hi"))
            }
        }
    }

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", 400), ("GET /echo HTTP/1.1\r\n\r\n", 400), ("GET echo HTTP/1.1\r\nHost: h\r\n\r\n", 400),
        ("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 400),
        ("GET /echo HTTP/3.7\r\nHost: h\r\n\r\n", 505),
        ("GET /echo HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n", 431),
        ("GET /echo HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: y\r\n", count: 200))\r\n", 431),
        ("GET /\(String(repeating: "x", count: 9_000)) HTTP/1.1\r\nHost: h\r\n\r\n", 414),
    ])
    func whatIsNoRequestIsRefused(_ request: String, _ status: Int) async throws {
        try await withServer([EchoRoute()]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(request)
                let answer = try await wire.answer()
                #expect(answer.status == status)
                #expect(answer.headers["x-request-id"] != nil)
            }
        }
    }

    @Test(arguments: [
        ("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", 200),
        ("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\nUpgrade: h2c\r\n\r\n", 200),
        (
            "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nhi",
            200
        ), ("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", 400),
    ])
    func aRequestForAnotherProtocolIsTheLastOfItsConnection(_ request: String, _ status: Int) async throws {
        // Behind such a request nothing is read as HTTP, so that another one would never be answered.
        try await withServer([EchoRoute()], settings: { $0.patience.idle = .seconds(5) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(request)
                let answer = try await wire.answer()
                #expect(answer.status == status)
                #expect(answer.headers["connection"] == "close")
                let rest = try await wire.rest()
                #expect(rest.isEmpty)
            }
        }
    }

    @Test func aStreamIsSentAsItComes() async throws {
        let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
        let route = EchoRoute(answers: { _ in InboundResponse(status: 200, body: .stream(chunks)) })
        try await withServer([route]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                source.yield(Array("one".utf8))
                source.yield(Array("two".utf8))
                source.finish()
                let answer = try await wire.answer()
                #expect(answer.body == "onetwo")
            }
        }
    }

    @Test func aStreamWhoseReaderHasGoneEnds() async throws {
        let (chunks, source) = AsyncStream.makeStream(of: [UInt8].self)
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        let route = EchoRoute(answers: { _ in
            InboundResponse(status: 200, body: .stream(chunks), written: { end.yield($0) })
        })
        try await withServer([route]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                source.yield(Array("one".utf8))
                let status = try await wire.answer(toHead: true).status
                #expect(status == 200)
            }
            var iterator = ends.makeAsyncIterator()
            let isWritten = await iterator.next()
            #expect(isWritten == false)
        }
    }
}
