import Testing

@testable import PlatformSimulator

struct ReplayTests {
    private static let header =
        #"{"moonwire_recording":1,"channel":"desk","platform":"twin24","role":"operator","addresses":{"iam":"/iam/v1","chat":"/chat"}}"#

    private func replay(_ entries: [String], speed: Double = 1000) async throws -> ReplayServer {
        var configuration = ReplayServer.Configuration()
        configuration.speed = speed
        return try await ReplayServer.start(([Self.header] + entries).joined(separator: "\n") + "\n", configuration)
    }

    private func response(_ number: Int, _ path: String, _ body: String, status: Int = 200) -> String {
        #"{"at":1,"kind":"response","exchange":\#(number),"method":"GET","path":"\#(path)","status":\#(status),"body":\#(body)}"#
    }

    @Test func answersComeInTheOrderOfTheRequestsAndTheLastOneStays() async throws {
        let server = try await replay([response(2, "/a", #"{"n":2}"#, status: 503), response(1, "/a", #"{"n":1}"#)])
        let browser = Browser(port: server.port)
        var seen: [String] = []
        for _ in 0..<3 {
            let answer = try await browser.call("GET", "/a?page=9")
            seen.append("\(answer.status) \(answer.text)")
        }
        #expect(seen == [#"200 {"n":1}"#, #"503 {"n":2}"#, #"503 {"n":2}"#])
        await server.stop()
    }

    @Test func aStandInOfASecretFitsWhateverIsConfigured() async throws {
        let server = try await replay([
            response(1, "/inboxes/redacted-1/contacts", #""any""#), response(2, "/inboxes/mine/contacts", #""exact""#),
        ])
        let browser = Browser(port: server.port)
        #expect(try await browser.call("GET", "/inboxes/abc/contacts").text == #""any""#)
        #expect(try await browser.call("GET", "/inboxes/mine/contacts").text == #""exact""#)
        await server.stop()
    }

    @Test func whatWasNotRecordedIsNotFoundAndSaysSo() async throws {
        let server = try await replay([response(1, "/a", "1")])
        let answer = try await Browser(port: server.port).call("POST", "/a", ["x": "y"])
        #expect(answer.status == 404)
        #expect(answer["message"]?.string == "The recording holds no answer to POST /a.")
        await server.stop()
    }

    @Test func aReplyWaitsForWhatTheHostSaysAndTheRestDoesNot() async throws {
        let server = try await replay([
            #"{"at":0,"kind":"open","connection":1,"path":"/stream"}"#,
            #"{"at":10,"kind":"frame","connection":1,"direction":"sent","body":{"id":1,"connect":{}}}"#,
            #"{"at":20,"kind":"frame","connection":1,"direction":"received","lines":[{"id":1},{"push":1}]}"#,
            #"{"at":30,"kind":"frame","connection":1,"direction":"received","body":{"push":2}}"#,
            #"{"at":40,"kind":"close","connection":1,"code":3005,"direction":"received"}"#,
        ])
        let socket = try await TestWebSocket(Browser(port: server.port), path: "/stream?x=1")
        #expect(socket.answer.hasPrefix("HTTP/1.1 101"))
        // The answer to the ping comes first, because the host has not spoken yet.
        try await socket.send("", opcode: 9)
        #expect(await socket.next() == .pong)
        try await socket.send(#"{"id":1,"connect":{}}"#)
        #expect(await socket.next() == .text("{\"id\":1}\n{\"push\":1}"))
        #expect(await socket.next() == .text(#"{"push":2}"#))
        #expect(await socket.next() == .close(3005, ""))
        await server.stop()
    }

    @Test func aReplyNamesTheCommandThatWasHeardNow() async throws {
        let server = try await replay(
            (1...2).flatMap { number in
                [
                    #"{"at":0,"kind":"open","connection":\#(number),"path":"/stream"}"#,
                    #"{"at":1,"kind":"frame","connection":\#(number),"direction":"sent","body":{"id":\#(number),"connect":{}}}"#,
                    #"{"at":2,"kind":"frame","connection":\#(number),"direction":"received","lines":[{"id":\#(number),"connect":{}},{"push":{"id":\#(number)}}]}"#,
                ]
            })
        // The same host comes back, then another one, then more often than was recorded.
        for (index, id) in [1, 2, 1, 7].enumerated() {
            let socket = try await TestWebSocket(Browser(port: server.port), path: "/stream")
            try await socket.send(#"{"id":\#(id),"connect":{}}"#)
            // Only a reply names a command.
            let push = #"{"push":{"id":\#(min(index + 1, 2))}}"#
            #expect(await socket.next() == .text("{\"id\":\(id),\"connect\":{}}\n\(push)"))
        }
        await server.stop()
    }

    @Test func pingsGoOnAfterTheEndOfTheRecording() async throws {
        let server = try await replay([
            #"{"at":0,"kind":"open","connection":1,"path":"/cable"}"#,
            #"{"at":1,"kind":"frame","connection":1,"direction":"received","body":{"type":"ping","message":1}}"#,
            #"{"at":11,"kind":"frame","connection":1,"direction":"received","body":{"type":"ping","message":2}}"#,
        ])
        let socket = try await TestWebSocket(Browser(port: server.port), path: "/cable")
        for _ in 0..<4 { #expect(await socket.next() == .text(#"{"type":"ping","message":1}"#)) }
        await server.stop()
    }

    @Test func theSecondConnectionHearsWhatTheSecondOneHeard() async throws {
        let server = try await replay(
            (1...2).flatMap { number in
                [
                    #"{"at":0,"kind":"open","connection":\#(number),"path":"/cable"}"#,
                    #"{"at":1,"kind":"frame","connection":\#(number),"direction":"received","body":{"n":\#(number)}}"#,
                ]
            })
        for expected in [1, 2, 2] {
            let socket = try await TestWebSocket(Browser(port: server.port), path: "/cable")
            #expect(await socket.next() == .text("{\"n\":\(expected)}"))
        }
        await server.stop()
    }

    @Test func theAddressesToConfigureHaveTheRecordedPaths() async throws {
        let server = try await replay([])
        #expect(server.addresses.map(\.key) == ["iam", "chat"])
        #expect(server.addresses.map(\.url) == [server.url + "/iam/v1", server.url + "/chat"])
        await server.stop()
    }

    @Test(arguments: [
        ("", "it does not begin as a recording does"), ("{}", "it does not begin as a recording does"),
        (#"{"moonwire_recording":2}"#, "it has format 2, and this program reads 1"),
        ("{\"moonwire_recording\":1}\nnonsense\n", "its line 2 is no entry of a recording"),
    ])
    func anotherFileIsRefusedWithItsReason(_ text: String, _ reason: String) async {
        let error = await #expect(throws: SimulatorError.self) { try await ReplayServer.start(text) }
        #expect(error?.message == reason)
    }
}
