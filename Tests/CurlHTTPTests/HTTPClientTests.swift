import CurlHTTP
import Foundation
import Synchronization
import Testing

@Suite struct HTTPClientTests {
    @Test func getReturnsStatusHeadersAndBody() async throws {
        try await ScriptedServer.run(answering: { request in
            ScriptedServer.answer("404 Not Found", ["X-Seen: \(request.method) \(request.target)"], body: "gone")
        }) { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(.get, server.base + "/a/b?c=d"))
                #expect(response.status == 404)
                #expect(!response.isSuccess)
                #expect(response.headers["x-seen"] == "GET /a/b?c=d")
                #expect(response.headers["absent"] == nil)
                #expect(String(decoding: response.body, as: UTF8.self) == "gone")
                #expect(response.httpVersion == .http11)
            }
        }
    }

    @Test func jsonBodyArrivesWholeWithItsTypeAndHeaders() async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            seen.establish(request)
            return ScriptedServer.answer()
        }) { server in
            try await withClient(.init(proxy: .none, userAgent: "unit/1")) { client in
                _ = try await client.send(
                    HTTPRequest(
                        .post, server.base + "/x", headers: [.init("api_access_token", "t"), .init("X-Empty", "")],
                        body: .json(Array(#"{"a":1}"#.utf8))))
            }
        }
        let request = await seen.value
        #expect(request.method == "POST")
        #expect(request.text == #"{"a":1}"#)
        #expect(request["Content-Type"] == "application/json")
        #expect(request["Content-Length"] == "7")
        #expect(request["api_access_token"] == "t")
        #expect(request["X-Empty"] == "")
        #expect(request["User-Agent"] == "unit/1")
        #expect(request["Expect"] == nil)
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete, .get, .head])
    func methodWithoutBody(method: HTTPMethod) async throws {
        let seen = Fact<ScriptedRequest>()
        try await ScriptedServer.run(answering: { request in
            seen.establish(request)
            return "HTTP/1.1 204 No Content\r\n\r\n"
        }) { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(method, server.base))
                #expect(response.status == 204)
            }
        }
        let request = await seen.value
        #expect(request.method == method.rawValue)
        #expect(request["Content-Length"] == ([.post, .put, .patch].contains(method) ? "0" : nil))
        #expect(request["Content-Type"] == nil)
    }

    @Test func handlesAreCleanBetweenRequestsOfEveryKind() async throws {
        try await ScriptedServer.run(answering: { request in
            let summary =
                "\(request.method) \(request["X-Once"] ?? "-") \(request["Content-Type"]?.prefix(12) ?? "-") \(request.body.count)"
            return
                "HTTP/1.1 200 OK\r\nX-Summary: \(summary)\r\nContent-Length: \(request.method == "HEAD" ? 9999 : 0)\r\n\r\n"
        }) { server in
            try await withClient { client in
                func summary(_ request: HTTPRequest) async throws -> String? {
                    try await client.send(request).headers["X-Summary"]
                }
                let url = server.base + "/"
                for _ in 0..<3 {
                    #expect(try await summary(.init(.get, url, headers: [.init("X-Once", "1")])) == "GET 1 - 0")
                    #expect(try await summary(.init(.post, url, body: .json([1, 2]))) == "POST - application/ 2")
                    #expect(try await summary(.init(.head, url, maxResponseBytes: 10)) == "HEAD - - 0")
                    #expect(try await summary(.init(.get, url)) == "GET - - 0")
                    let big = [UInt8](repeating: 7, count: 300_000)
                    #expect(try await summary(.init(.put, url, body: .bytes(big, contentType: ""))) == "PUT - - 300000")
                    #expect(try await summary(.init(.post, url)) == "POST - - 0")
                    let multipart = try await summary(
                        .init(.post, url, body: .multipart([.init(name: "a", text: "b")])))
                    #expect(multipart?.hasPrefix("POST - multipart/fo ") == true)
                    #expect(try await summary(.init(.delete, url)) == "DELETE - - 0")
                }
                #expect(server.connectionCount == 1)
            }
        }
    }

    @Test func requestsInARowShareOneConnection() async throws {
        try await ScriptedServer.run(answering: { _ in ScriptedServer.answer(body: "x") }) { server in
            try await withClient { client in
                for _ in 0..<20 { _ = try await client.send(HTTPRequest(.get, server.base)) }
                #expect(server.connectionCount == 1)
            }
        }
    }

    @Test func connectionsPerHostAreNeverExceeded() async throws {
        try await ScriptedServer.run(answering: { request in ScriptedServer.answer(body: request.target) }) { server in
            try await withClient(.init(proxy: .none, connectionsPerHost: 3)) { client in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            let response = try await client.send(HTTPRequest(.get, server.base + "/\(number)"))
                            return response.body == Array("/\(number)".utf8)
                        }
                    }
                    for try await isRight in group { #expect(isRight) }
                }
                #expect((1...3).contains(server.connectionCount))
            }
        }
    }

    @Test func answerInPiecesIsPutTogether() async throws {
        try await ScriptedServer.run({ connection in
            while connection.readRequest() != nil {
                for byte
                    in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: 1\r\na: 2\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
                    .utf8
                {
                    connection.send([byte])
                }
            }
        }) { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(.get, server.base))
                #expect(response.body == Array("abcde".utf8))
                #expect(response.headers.values("A") == ["1", "2"])
            }
        }
    }

    @Test func interimAnswersLeaveNoHeaders() async throws {
        try await ScriptedServer.run(answering: { _ in
            "HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\n" + ScriptedServer.answer(headers: ["X-Late: 1"])
        }) { server in
            try await withClient { client in
                let response = try await client.send(HTTPRequest(.get, server.base))
                #expect(response.status == 200)
                #expect(response.headers["Link"] == nil)
                #expect(response.headers["X-Late"] == "1")
            }
        }
    }
}

extension ScriptedServer {
    fileprivate static func answer(headers: [String]) -> String { answer("200 OK", headers) }
}
