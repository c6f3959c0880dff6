import ActionCable
import Testing
import WebSocketClient

/// The client against a real Rails Action Cable with Redis. One after the other: some of them steer the whole server.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: RailsPeer.url != nil))
struct RailsTests {
    private let peer: RailsPeer

    init() throws {
        peer = try RailsPeer()
    }

    @Test func railsWelcomesConfirmsAndDelivers() async throws {
        let token = try await peer.makeToken()
        let identifier = RailsPeer.identifier(token)
        let frame = try await peer.withClient { [peer] client in
            var events = RoomEvents(try client.subscribe(identifier))
            #expect(await events.next() == .confirmed(reconnect: false))
            try await peer.post("/broadcast?token=\(token)", #"{"event":"message.created","data":{"content":"<é>"}}"#)
            return await events.nextFrame()
        }
        let escaped = identifier.replacing("\"", with: "\\\"")
        let message = #"{"event":"message.created","data":{"content":"\u003cé\u003e"}}"#
        #expect(frame == #"{"identifier":"\#(escaped)","message":\#(message)}"#)
    }

    @Test func railsPicksTheSubprotocolAndWelcomesAtOnce() async throws {
        var configuration = WebSocketConfiguration(url: peer.socketURL, proxy: .none)
        configuration.subprotocols = ["actioncable-v1-json", "actioncable-unsupported"]
        let socket = try await WebSocket.connect(configuration)
        #expect(socket.negotiatedSubprotocol == "actioncable-v1-json")
        var iterator = socket.batches.makeAsyncIterator()
        let first = try await iterator.next()?.first
        #expect(first.map { String(decoding: $0.payload, as: UTF8.self) } == #"{"type":"welcome"}"#)

        configuration.subprotocols = ["something-else"]
        let other = try await WebSocket.connect(configuration)
        #expect(other.negotiatedSubprotocol == nil)
        socket.abort()
        other.abort()
    }

    @Test func pingsKeepAnIdleConnectionAlive() async throws {
        let token = try await peer.makeToken()
        let status = try await peer.withClient { client in
            var events = RoomEvents(try client.subscribe(RailsPeer.identifier(token)))
            _ = await events.next()
            // Longer than the six seconds after which a connection without pings is degraded.
            try await Task.sleep(for: .seconds(7))
            return client.status
        }
        #expect(status.phase == .live)
        #expect(status.silence.map { $0 < .seconds(4) } == true)
    }

    @Test func wrongTokenIsMetWithSilenceAndOthersAreNotDisturbed() async throws {
        let token = try await peer.makeToken()
        let events = try await peer.withClient { configuration in
            configuration.timing.confirmTimeout = .seconds(1)
            configuration.timing.resendOffsets = [.milliseconds(300)]
            configuration.timing.tokenGrace = .milliseconds(500)
        } body: { [peer] client -> [CableEvent?] in
            var wrong = RoomEvents(try client.subscribe(RailsPeer.identifier(RailsPeer.unknownToken())))
            var right = RoomEvents(try client.subscribe(RailsPeer.identifier(token)))
            var events = [await right.next(), await wrong.next(), await wrong.next()]
            try await peer.post("/broadcast?token=\(token)", #"{"event":"still.there"}"#)
            events.append(await right.next())
            #expect(client.status.phase == .live)
            return events
        }
        #expect(events[0] == .confirmed(reconnect: false))
        #expect(events[1] == .tokenSuspect(round: 1))
        #expect(events[2] == .authFailed)
        guard case .frame = events[3] else {
            Issue.record("the other subscription got \(String(describing: events[3]))")
            return
        }
    }

    @Test func tokenThatBecomesValidIsTakenAfterUnsubscribing() async throws {
        let token = RailsPeer.unknownToken()
        let events = try await peer.withClient { configuration in
            configuration.timing.confirmTimeout = .seconds(1)
            configuration.timing.resendOffsets = [.milliseconds(600)]
        } body: { [peer] client in
            let subscription = try client.subscribe(RailsPeer.identifier(token))
            var events = RoomEvents(subscription)
            // Valid before the second subscribe is sent: Rails ignores it, because the first one holds the identifier.
            try await Task.sleep(for: .milliseconds(300))
            try await peer.post("/token?token=\(token)")
            let first = await events.next()
            try subscription.replaceToken(identifier: RailsPeer.identifier(token))
            return [first, await events.next()]
        }
        #expect(events == [.tokenSuspect(round: 1), .confirmed(reconnect: false)])
    }

    @Test func manySubscriptionsShareOneSocket() async throws {
        let count = 200
        var tokens: [String] = []
        for _ in 0..<count { tokens.append(try await peer.makeToken()) }
        let frames = try await peer.withClient { [peer, tokens] client in
            let subscriptions = try tokens.map { try client.subscribe(RailsPeer.identifier($0)) }
            var readers = subscriptions.map { RoomEvents($0) }
            for index in readers.indices {
                let event = await readers[index].next()
                #expect(event == .confirmed(reconnect: false))
            }
            for (index, token) in tokens.enumerated() {
                try await peer.post("/broadcast?token=\(token)", #"{"number":\#(index)}"#)
            }
            var frames: [String] = []
            for index in readers.indices { frames.append(await readers[index].nextFrame() ?? "") }
            return frames
        }
        for (index, frame) in frames.enumerated() {
            #expect(frame.hasSuffix(#""message":{"number":\#(index)}}"#))
            #expect(frame.contains(tokens[index]))
        }
    }

    @Test func rejectionIsAnswered() async throws {
        let event = try await peer.withClient { client in
            var events = RoomEvents(try client.subscribe(RailsPeer.identifier("any", channel: "ClosedChannel")))
            return await events.next()
        }
        #expect(event == .rejected)
    }

    @Test func duplicateSubscribeIsIgnoredByTheServer() async throws {
        let token = try await peer.makeToken()
        let texts = try await raw { socket, next in
            let command = Self.command("subscribe", RailsPeer.identifier(token))
            try await socket.send(text: command)
            let first = try await next("confirm_subscription")
            try await socket.send(text: command)
            // Whatever the second one caused would come before the next broadcast.
            try await self.peer.post("/broadcast?token=\(token)", #"{"n":1}"#)
            return [first, try await next("subscription", #""n":1"#)]
        }
        #expect(texts[0].contains("confirm_subscription"))
        #expect(texts[1].contains(#""n":1"#))
    }

    @Test func unsubscribingAndSubscribingAgainIsConfirmedAgain() async throws {
        let token = try await peer.makeToken()
        let confirmed = try await peer.withClient { client in
            let identifier = RailsPeer.identifier(token)
            let first = try client.subscribe(identifier)
            var events = RoomEvents(first)
            _ = await events.next()
            first.unsubscribe()
            #expect(await events.next() == nil)
            var again = RoomEvents(try client.subscribe(identifier))
            return await again.next()
        }
        #expect(confirmed == .confirmed(reconnect: false))
    }

    @Test func restartOfTheServerIsSurvived() async throws {
        let token = try await peer.makeToken()
        let (events, frame) = try await peer.withClient { configuration in
            configuration.timing.restartSpread = .milliseconds(500)
        } body: { [peer] client in
            var reader = RoomEvents(try client.subscribe(RailsPeer.identifier(token)))
            var events = [await reader.next()]
            try await peer.post("/restart")
            events += [await reader.next(), await reader.next()]
            try await peer.post("/broadcast?token=\(token)", #"{"after":"restart"}"#)
            return (events, await reader.nextFrame())
        }
        #expect(
            events == [
                .confirmed(reconnect: false), .disconnected(reason: "The server goes away: server_restart."),
                .confirmed(reconnect: true),
            ])
        #expect(frame?.hasSuffix(#""message":{"after":"restart"}}"#) == true)
    }

    @Test func dismissalEndsTheRun() async throws {
        let token = try await peer.makeToken()
        let events = try await peer.withClient { [peer] client in
            var reader = RoomEvents(try client.subscribe(RailsPeer.identifier(token)))
            _ = await reader.next()
            try await peer.post("/dismiss")
            return [await reader.next(), await reader.next()]
        }
        #expect(events == [.stopped(reason: "The server closed the connection for good: unauthorized."), nil])
    }

    @Test func presenceIsAnsweredToTheOneWhoPerformsIt() async throws {
        let token = try await peer.makeToken()
        let frame = try await peer.withClient { client in
            let subscription = try client.subscribe(RailsPeer.identifier(token))
            var events = RoomEvents(subscription)
            _ = await events.next()
            subscription.perform(#"{"action":"update_presence"}"#)
            return await events.nextFrame(includingPresence: true)
        }
        #expect(
            frame?.hasSuffix(#"{"event":"presence.update","data":{"account_id":3,"users":{"21":"online"}}}}"#) == true)
    }

    @Test func originIsCheckedWhereRailsChecksIt() async throws {
        try await peer.post("/origin_check?on=1")
        var configuration = WebSocketConfiguration(url: peer.socketURL, proxy: .none)
        let own = try? await WebSocket.connect(configuration)
        configuration.headers = [("Origin", "https://elsewhere.example")]
        var refusal: WebSocketError?
        do { _ = try await WebSocket.connect(configuration) } catch { refusal = error as? WebSocketError }
        try await peer.post("/origin_check?on=0")
        #expect(own != nil)
        #expect(refusal?.httpStatus == 404)
        #expect(refusal?.bodyPrefix == "Page not found")
    }

    // MARK: Without the client

    private static func command(_ command: String, _ identifier: String) -> String {
        #"{"command":"\#(command)","identifier":"\#(identifier.replacing("\"", with: "\\\""))"}"#
    }

    /// Talks to Rails over a bare socket. `next` answers the next text that holds one of the words.
    private func raw<Result: Sendable>(
        _ body: (WebSocket, (String...) async throws -> String) async throws -> Result
    ) async throws -> Result {
        let socket = try await WebSocket.connect(WebSocketConfiguration(url: peer.socketURL, proxy: .none))
        defer { socket.abort() }
        var iterator = socket.batches.makeAsyncIterator()
        var pending: [String] = []
        return try await body(socket) { (words: String...) in
            while true {
                while !pending.isEmpty {
                    let text = pending.removeFirst()
                    if words.contains(where: { text.contains($0) }) { return text }
                }
                guard let batch = try await iterator.next() else { return "" }
                pending += batch.map { String(decoding: $0.payload, as: UTF8.self) }
            }
        }
    }
}
