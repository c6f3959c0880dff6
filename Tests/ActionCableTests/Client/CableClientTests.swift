import ActionCable
import Testing
import WebSocketTestSupport

@Suite(.timeLimit(.minutes(1))) struct CableClientTests {
    @Test func welcomeConfirmAndDataOverARealSocket() async throws {
        let events = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            try await peer.send(data("a", 1))
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(try lab.client.subscribe("a"))
            return [await reader.next(), await reader.next()]
        }
        #expect(events == [.confirmed(reconnect: false), .frame(Array(data("a", 1).utf8))])
    }

    @Test func subscriptionsOnOneSocketGetTheirOwnFramesInOrder() async throws {
        let frames = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            try await peer.confirm("b")
            let burst = (0..<200).flatMap { ServerFrame.text(data($0 % 3 == 0 ? "b" : "a", $0)) }
            try await peer.write(burst + ServerFrame.text(data("stranger", 1)) + ServerFrame.text(data("a", 999)))
            try await peer.waitForEnd()
        } body: { lab in
            let (a, b) = (try lab.client.subscribe("a"), try lab.client.subscribe("b"))
            var (readerA, readerB) = (EventReader(a), EventReader(b))
            var frames: [[String]] = [[], []]
            while let frame = await readerA.nextFrame(), frame != data("a", 999) { frames[0].append(frame) }
            while frames[1].count < 67, let frame = await readerB.nextFrame() { frames[1].append(frame) }
            return frames
        }
        #expect(frames[0] == (0..<200).filter { $0 % 3 != 0 }.map { data("a", $0) })
        #expect(frames[1] == (0..<200).filter { $0 % 3 == 0 }.map { data("b", $0) })
    }

    @Test func lostConnectionIsMadeAgainAndSubscribedAgain() async throws {
        let events = try await CableLaboratory.run { peer, number in
            try await peer.welcome()
            try await peer.confirm("a")
            try await peer.send(data("a", number))
            if number == 0 { return }
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(try lab.client.subscribe("a"))
            var events: [CableEvent?] = []
            for _ in 0..<3 { events.append(await reader.next()) }
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            for _ in 0..<2 { events.append(await reader.next()) }
            return events
        }
        #expect(
            events == [
                .confirmed(reconnect: false), .frame(Array(data("a", 0).utf8)),
                .disconnected(reason: "The server closed the connection (code 1006)."),
                .confirmed(reconnect: true), .frame(Array(data("a", 1).utf8)),
            ])
    }

    @Test func deafSocketIsAbortedWithoutAFarewell() async throws {
        let events = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            // The end of the first connection comes from the client.
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(try lab.client.subscribe("a"))
            var events: [CableEvent?] = [await reader.next()]
            await lab.clock.advanceWhenSleeping(by: .seconds(6))
            events.append(await reader.next())
            await lab.clock.advanceWhenSleeping(by: .seconds(3))
            events.append(await reader.next())
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            events.append(await reader.next())
            return events
        }
        #expect(
            events == [
                .confirmed(reconnect: false), .degraded, .disconnected(reason: "Nothing was heard for 9 s."),
                .confirmed(reconnect: true),
            ])
    }

    @Test func wrongTokenIsExchangedOnTheSameSocket() async throws {
        let events = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            while let command = try await peer.nextText() {
                if command.contains("unsubscribe") { break }
            }
            try await peer.confirm("right")
            try await peer.waitForEnd()
        } body: { lab in
            let subscription = try lab.client.subscribe("wrong")
            var reader = EventReader(subscription)
            for step in [500, 500, 1000, 3000] { await lab.clock.advanceWhenSleeping(by: .milliseconds(step)) }
            var events = [await reader.next()]
            try subscription.replaceToken(identifier: "right")
            await lab.clock.advanceWhenSleeping(by: .milliseconds(300))
            events.append(await reader.next())
            return events
        }
        #expect(events == [.tokenSuspect(round: 1), .confirmed(reconnect: false)])
    }

    @Test func disconnectForGoodEndsTheRunAndTheEvents() async throws {
        let (events, status) = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            try await peer.send(#"{"type":"disconnect","reason":"unauthorized","reconnect":false}"#)
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(try lab.client.subscribe("a"))
            var events: [CableEvent] = []
            while let event = await reader.next() { events.append(event) }
            return (events, lab.client.status)
        }
        let reason = "The server closed the connection for good: unauthorized."
        #expect(events == [.confirmed(reconnect: false), .stopped(reason: reason)])
        #expect(status.phase == .stopped)
    }

    @Test func refusalReachesTheSubscriptionAsASentence() async throws {
        let event = try await CableLaboratory.run { peer, _ in
            _ = try await peer.readRequest()
            try await peer.write(Array("HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\nPage not found".utf8))
        } body: { lab in
            var reader = EventReader(try lab.client.subscribe("a"))
            return await reader.next()
        }
        guard case .disconnected(let reason) = event else {
            Issue.record("not \(String(describing: event))")
            return
        }
        #expect(reason.contains("HTTP 404 (Page not found)") && reason.contains("Origin"))
    }

    @Test func presenceIsPerformedWhenLiveAndDroppedBefore() async throws {
        let frame = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            let command = try await peer.nextText() ?? ""
            try await peer.send(#"{"identifier":"a","message":\#(command)}"#)
            try await peer.waitForEnd()
        } body: { lab in
            let subscription = try lab.client.subscribe("a")
            subscription.perform(#"{"action":"too_early"}"#)
            var reader = EventReader(subscription)
            _ = await reader.next()
            subscription.perform(#"{"action":"update_presence"}"#)
            return await reader.nextFrame()
        }
        let command = #"{"command":"message","identifier":"a","data":"{\"action\":\"update_presence\"}"}"#
        #expect(frame == #"{"identifier":"a","message":\#(command)}"#)
    }

    @Test func unsubscribingEndsTheEvents() async throws {
        let (event, command) = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            try await peer.confirm("b")
            let command = try await peer.nextText() ?? ""
            try await peer.send(#"{"identifier":"b","message":\#(command)}"#)
            try await peer.waitForEnd()
        } body: { lab in
            let (a, b) = (try lab.client.subscribe("a"), try lab.client.subscribe("b"))
            var (readerA, readerB) = (EventReader(a), EventReader(b))
            _ = (await readerA.next(), await readerB.next())
            a.unsubscribe()
            return (await readerA.next(), await readerB.nextFrame())
        }
        #expect(event == nil)
        #expect(command == #"{"identifier":"b","message":{"command":"unsubscribe","identifier":"a"}}"#)
    }

    @Test func cancellingTheRunStopsEverything() async throws {
        let events = try await CableLaboratory.run { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            try await peer.waitForEnd()
        } body: { lab -> [CableEvent?] in
            let run = Task { await lab.second.run() }
            var reader = EventReader(try lab.second.subscribe("a"))
            _ = await reader.next()
            run.cancel()
            await run.value
            #expect(throws: CableError.self) { try lab.second.subscribe("b") }
            return [await reader.next(), await reader.next()]
        }
        #expect(events == [.stopped(reason: "The client was stopped."), nil])
    }

    @Test func consumerThatFallsBehindStopsTheReading() async throws {
        let total = 20_000
        let filler = String(repeating: "x", count: 2_000)
        let received = try await CableLaboratory.run(maxWaitingFrames: 100) { peer, _ in
            try await peer.welcome()
            try await peer.confirm("a")
            for number in 0..<total {
                try await peer.send(#"{"identifier":"a","message":{"n":\#(number),"x":"\#(filler)"}}"#)
            }
            try await peer.waitForEnd()
        } body: { lab in
            var iterator = try lab.client.subscribe("a").events.makeAsyncIterator()
            var largest = 0
            var frames = 0
            while frames < total, let batch = await iterator.next() {
                largest = max(largest, batch.count)
                frames += batch.filter { if case .frame = $0 { true } else { false } }.count
                // Slower than the sender.
                if frames < 2_000 { try await Task.sleep(for: .milliseconds(20)) }
            }
            return (frames, largest)
        }
        #expect(received.0 == total)
        // The limit, and what one read from the socket may add to it.
        #expect(received.1 < 1_000)
    }
}
