import EventJSON
import Logging
import Synchronization
import Testing
import WebSocketClient
import WebSocketTestSupport

@testable import Centrifuge

@Suite(.timeLimit(.minutes(1))) struct ClientTests {
    /// Answers every command with what `answer` makes of it.
    private static func serve(_ peer: inout ServerPeer, _ answer: (JSON) -> String?) async throws {
        try await peer.accept(#"{"client":"c"}"#)
        while let text = try await peer.nextText() {
            let command = try JSON(parsing: text)
            guard let body = answer(command) else { continue }
            try await peer.send(#"{"id":\#(command["id"]?.int ?? 0),\#(body)}"#)
        }
    }

    @Test("Calls bring back what the server answers, payloads as raw bytes")
    func calls() async throws {
        try await ClientLaboratory.run { peer, _ in
            try await Self.serve(&peer) { command in
                if let rpc = command["rpc"] {
                    return rpc["method"] == "fail"
                        ? #""error":{"code":1000,"message":"no","temporary":true}"# : #""rpc":{"data":[1.50, "x"]}"#
                }
                if command["history"] != nil {
                    return #""history":{"publications":[{"data":1,"offset":4,"tags":{"k":"v"},"time":1700000000000}],"#
                        + #""epoch":"e","offset":9}"#
                }
                if command["presence"] != nil {
                    return #""presence":{"presence":{"c":{"user":"u","client":"c","conn_info":{"a": 1}}}}"#
                }
                if command["presence_stats"] != nil { return #""presence_stats":{"num_clients":2,"num_users":1}"# }
                return #""publish":{}"#
            }
        } body: { lab in
            let client = lab.client
            var reader = EventReader(client)
            await reader.skip(to: "connected")
            let answer = try await client.rpc("m", data: Array("{}".utf8))
            #expect(String(decoding: answer, as: UTF8.self) == #"[1.50, "x"]"#)
            try await client.publish("A", data: Array("1".utf8))
            let since = CentrifugePosition(epoch: "e", offset: 3)
            let history = try await client.history("A", limit: 10, since: since)
            #expect(history.position == CentrifugePosition(epoch: "e", offset: 9))
            #expect(
                history.publications == [
                    CentrifugePublication(
                        data: Array("1".utf8), offset: 4, tags: ["k": "v"], time: 1_700_000_000_000)
                ])
            let presence = try await client.presence("A")
            #expect(
                presence == [
                    "c": CentrifugeClientInfo(user: "u", client: "c", connectionInfo: Array(#"{"a": 1}"#.utf8))
                ])
            let stats = try await client.presenceStats("A")
            #expect(stats == CentrifugePresenceStats(clients: 2, users: 1))
            let error = await #expect(throws: CentrifugeError.self) { try await client.rpc("fail") }
            #expect(error?.number == 1000 && error?.retryable == true && error?.code == .server)
        }
    }

    @Test("What is not JSON, or too large, is refused before it costs the connection")
    func badRequests() async throws {
        try await ClientLaboratory.run { peer, _ in
            try await Self.serve(&peer) { _ in #""rpc":{}"# }
        } body: { lab in
            let client = lab.client
            var reader = EventReader(client)
            await reader.skip(to: "connected")
            for data in [Array("{".utf8), [], Array(("\"" + String(repeating: "x", count: 70_000) + "\"").utf8)] {
                let error = await #expect(throws: CentrifugeError.self) { try await client.rpc("m", data: data) }
                #expect(error?.code == .badRequest)
            }
            let answer = try await client.rpc("m")
            #expect(answer == JSONText.null)
        }
    }

    @Test("Calls before the connection wait for it; without a run they fail at once")
    func waitingCalls() async throws {
        try await ClientLaboratory.run { peer, _ in
            try await Self.serve(&peer) { _ in #""rpc":{"data":1}"# }
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connecting 0")
            let answer = try await lab.client.rpc("m")
            #expect(answer == Array("1".utf8))
            lab.client.disconnect()
            let error = await #expect(throws: CentrifugeError.self) { try await lab.client.rpc("m") }
            #expect(error?.number == 3)
        }
    }

    @Test("A cancelled call ends, and its late answer disturbs nobody")
    func cancelledCall() async throws {
        try await ClientLaboratory.run { peer, _ in
            try await peer.accept()
            let first = try await peer.nextCommand()
            try await peer.send(#"{"push":{"message":{"data":"asked"}}}"#)
            let second = try await peer.nextCommand()
            for command in [first, second] {
                let id = command["id"]?.int ?? 0
                try await peer.send(#"{"id":\#(id),"rpc":{"data":\#(id)}}"#)
            }
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connected")
            let call = Task { try await lab.client.rpc("slow") }
            await reader.skip(to: #"message "asked""#)
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            let answer = try await lab.client.rpc("m")
            #expect(answer == Array("3".utf8))
        }
    }

    @Test("An unanswered call fails after its time and leaves the connection alone")
    func timeout() async throws {
        try await ClientLaboratory.run { peer, _ in
            try await peer.accept()
            _ = try await peer.nextCommand()
            try await peer.send(#"{"push":{"message":{"data":"asked"}}}"#)
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connected")
            async let call = lab.client.rpc("m")
            await reader.skip(to: #"message "asked""#)
            await lab.clock.advanceWhenSleeping(by: .seconds(5))
            do {
                _ = try await call
                Issue.record("an answer from nowhere")
            } catch let error as CentrifugeError {
                #expect(error.number == 1)
            }
            #expect(lab.client.status.phase == .connected)
        }
    }

    @Test("A one-way message goes out without an id")
    func send() async throws {
        let event = try await ClientLaboratory.run { peer, _ in
            try await peer.accept()
            let text = try await peer.nextText() ?? ""
            try await peer.send(#"{"push":{"message":{"data":\#(text)}}}"#)
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connected")
            try await lab.client.send(data: Array(#"{"a":1}"#.utf8))
            return await reader.next()?.brief
        }
        #expect(event == #"message {"send":{"data":{"a":1}}}"#)
    }

    @Test("A run that was ended by the server can be begun again, and continues where it was")
    func secondRun() async throws {
        let commands = Mutex<[JSON]>([])
        let (first, second) = try await ScriptedServer.run { peer, number in
            let command = try await peer.accept(
                #"{"subs":{"A":{"recoverable":true,"epoch":"e","offset":7,"recovered":\#(number > 0)}}}"#)
            commands.withLock { $0.append(command) }
            if number == 0 { try await peer.write(ServerFrame.close(4501, "unauthorized")) }
            try await peer.waitForEnd()
        } body: { port in
            let client = ClientLaboratory.client(port: port)
            await client.run()
            var reader = EventReader(client)
            let first = await reader.next(6)
            async let running: Void = client.run()
            var again = EventReader(client)
            let second = await again.next(3)
            client.disconnect()
            await running
            return (first, second)
        }
        #expect(
            first == ["connecting 0", "connected", "subscribed A", "subscribing A 1", "disconnected 4501", nil])
        #expect(second == ["connecting 0", "connected", "subscribed A recovered"])
        #expect(commands.withLock { $0.last }?["connect"]?["subs"]?["A"]?["offset"] == 7)
    }

    @Test("Cancelling the run says goodbye and ends the events")
    func cancelledRun() async throws {
        let code = Mutex<Int?>(nil)
        let events = try await ScriptedServer.run { peer, _ in
            try await peer.accept()
            let seen = try await peer.closeCode()
            code.withLock { $0 = seen }
        } body: { port in
            let client = ClientLaboratory.client(port: port)
            let run = Task { await client.run() }
            var reader = EventReader(client)
            var events = await reader.next(2)
            run.cancel()
            await run.value
            events += await reader.next(2)
            while code.withLock({ $0 }) == nil { await Task.yield() }
            return events
        }
        #expect(events == ["connecting 0", "connected", "disconnected 0", nil])
        #expect(code.withLock { $0 } == 1000)
    }

    @Test("Providers that have nothing, or say that there will be nothing, end the run", arguments: [0, 1, 2])
    func withoutCredentials(kind: Int) async {
        let client = ClientLaboratory.client(port: 1) { configuration in
            switch kind {
            case 0: configuration.tokenProvider = { nil }
            case 1: configuration.tokenProvider = { throw CentrifugeError.unauthorized }
            default: configuration.dataProvider = { throw CentrifugeError.unauthorized }
            }
        }
        await client.run()
        var reader = EventReader(client)
        let events = await reader.next(3)
        #expect(events == ["connecting 0", "disconnected 1", nil])
    }

    @Test("A subscription gets its token from its own provider, and its events come with the others")
    func subscription() async throws {
        let (events, end) = try await ClientLaboratory.run { peer, _ in
            try await Self.serve(&peer) { command in
                if command["subscribe"] != nil {
                    let token = command["subscribe"]?["token"]?.string ?? ""
                    return #""subscribe":{"data":"\#(token)"}}"# + "\n" + push("news", data: "1").dropLast()
                }
                return #""unsubscribe":{}"#
            }
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connected")
            try lab.client.subscribe("news", CentrifugeSubscriptionOptions(tokenProvider: { "token of \($0)" }))
            #expect(throws: CentrifugeError.self) { try lab.client.subscribe("news") }
            let events = [await reader.next(), await reader.next(), await reader.next()]
            try lab.client.unsubscribe("news")
            return (events, await reader.next(1))
        }
        var how = CentrifugeSubscribed()
        how.data = Array(#""token of news""#.utf8)
        #expect(
            events == [
                .subscribing(channel: "news", CentrifugeReason(code: 0, text: "subscribe called")),
                .subscribed(channel: "news", how),
                .publication(channel: "news", CentrifugePublication(data: Array("1".utf8))),
            ])
        #expect(end == ["unsubscribed news 0"])
    }

    @Test("An unusable address ends the run with a sentence")
    func badURL() async throws {
        let configuration = CentrifugeConfiguration(socket: .init(url: "gopher://x", proxy: .none))
        let client = CentrifugeClient(configuration: configuration, logger: Logger(label: "test"))
        await client.run()
        var reader = EventReader(client)
        let events = await reader.next(4)
        #expect(events == ["connecting 0", "failure 12", "disconnected 2", nil])
    }

    @Test("The version can be put into the URL", arguments: [("ws://h/p", "?"), ("ws://h/p?a=b", "&")])
    func version(url: String, joint: String) {
        var configuration = CentrifugeConfiguration(socket: .init(url: url + "#x"))
        #expect(configuration.effectiveSocket.url == url + "#x")
        configuration.forcesVersion2 = true
        #expect(configuration.effectiveSocket.url == url + joint + "cf_protocol_version=v2")
    }
}
