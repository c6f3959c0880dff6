import EventJSON
import Synchronization
import Testing
import WebSocketClient
import WebSocketTestSupport

@testable import Centrifuge

/// Conformance cases that are about the wire, over a real socket.
@Suite(.timeLimit(.minutes(1))) struct WireTests {
    @Test("C01 on the wire: the first frame is one connect command with the data")
    func c01() async throws {
        let seen = Mutex("")
        try await ClientLaboratory.run { configuration in
            configuration.name = "botrunner-with-a-long-name"
            configuration.version = "1.0"
            configuration.headers = ["x-a": "b"]
            configuration.dataProvider = { Array("{\"settings\":\n {\"token\":\"t\"}}".utf8) }
        } script: { peer, _ in
            try await peer.upgrade()
            let text = try await peer.nextText() ?? ""
            seen.withLock { $0 = text }
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "failure 2")
        }
        let expected =
            #"{"id":1,"connect":{"data":{"settings":  {"token":"t"}},"name":"botrunner-with-a","version":"1.0","#
            + #""headers":{"x-a":"b"}}}"#
        #expect(seen.withLock { $0 } == expected)
    }

    @Test("C02 on the wire: one frame with reply, publication and ping")
    func c02() async throws {
        let (events, pong) = try await ClientLaboratory.run { peer, _ in
            let result = #"{"client":"c","ping":25,"pong":true,"subs":{"A":{}}}"#
            try await peer.accept(result, then: "\n" + push("A", data: "1") + "\n{}")
            let pong = try await peer.nextText() ?? ""
            try await peer.send(#"{"push":{"message":{"data":\#(pong)}}}"#)
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            return (await reader.next(4), await reader.next(1))
        }
        #expect(events == ["connecting 0", "connected", "subscribed A", "A 1"])
        #expect(pong == ["message {}"])
    }

    @Test("C09 on the wire: a final error of connect ends the run, with a goodbye")
    func c09() async throws {
        let code = Mutex<Int?>(nil)
        let events = try await ClientLaboratory.run { peer, _ in
            let command = try await peer.readConnect()
            try await peer.send(#"{"id":\#(command["id"]?.int ?? 0),"error":{"code":101,"message":"unauthorized"}}"#)
            let seen = try await peer.closeCode()
            code.withLock { $0 = seen }
        } body: { lab in
            var reader = EventReader(lab.client)
            let events = await reader.next(3)
            while code.withLock({ $0 }) == nil { await Task.yield() }
            return events
        }
        #expect(events == ["connecting 0", "disconnected 101", nil])
        #expect(code.withLock { $0 } == 1000)
    }

    @Test("C17 on the wire: each attempt asks the providers anew, and words of theirs are not repeated")
    func c17() async throws {
        let asked = Mutex(0)
        let (first, second) = try await ClientLaboratory.run { configuration in
            configuration.dataProvider = {
                let number = asked.withLock { number in
                    number += 1
                    return number
                }
                if number == 2 { throw SecretError() }
                return Array("\(number)".utf8)
            }
        } script: { peer, _ in
            let command = try await peer.readConnect()
            try await peer.send(
                #"{"id":\#(command["id"]?.int ?? 0),"connect":{"data":\#(command["connect"]?["data"]?.int ?? 0)}}"#)
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connecting 0")
            let first = await reader.next()
            await reader.skip(to: "connecting 1")
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            guard case .failure(let error) = await reader.next() else { return (first, nil as CentrifugeEvent?) }
            #expect(error.number == 12)
            #expect(!"\(error)".contains("secret-words"))
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            return (first, await reader.next())
        }
        #expect(first == .connected(CentrifugeConnected(client: "", data: Array("1".utf8))))
        #expect(second == .connected(CentrifugeConnected(client: "", data: Array("3".utf8))))
    }

    @Test("C19 on the wire: the status of a refused upgrade is told, and the next attempt is made")
    func c19() async throws {
        let (failure, next) = try await ClientLaboratory.run { peer, number in
            if number == 0 {
                _ = try await peer.readRequest()
                try await peer.write(Array("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".utf8))
                return
            }
            try await peer.accept()
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "connecting 0")
            let failure = await reader.next()
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            return (failure, await reader.next()?.brief)
        }
        guard case .failure(let error) = failure else {
            Issue.record("not \(String(describing: failure))")
            return
        }
        #expect(error.httpStatus == 403)
        #expect(next == "connected")
    }

    @Test("C20 on the wire: these codes reconnect", arguments: [3001, 3005, 3012, 4400] as [UInt16])
    func c20(code: UInt16) async throws {
        let events = try await ClientLaboratory.run { peer, number in
            try await peer.accept()
            if number == 0 { try await peer.write(ServerFrame.close(code, "words")) }
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            var events = await reader.next(3)
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            events += await reader.next(1)
            return events
        }
        #expect(events == ["connecting 0", "connected", "connecting \(code)", "connected"])
    }

    @Test(
        "C21 on the wire: these codes are final, with and without a reason",
        arguments: [3500, 3501, 3999, 4500, 4999] as [UInt16], ["", "words"])
    func c21(code: UInt16, reason: String) async throws {
        let events = try await ClientLaboratory.run { peer, _ in
            try await peer.accept()
            try await peer.write(ServerFrame.close(code, reason))
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            return await reader.next(4)
        }
        #expect(events == ["connecting 0", "connected", "disconnected \(code)", nil])
    }

    @Test("C22 on the wire: a dropped connection and a normal goodbye reconnect", arguments: [nil, 1000] as [UInt16?])
    func c22(code: UInt16?) async throws {
        let events = try await ClientLaboratory.run { peer, _ in
            try await peer.accept()
            if let code { try await peer.write(ServerFrame.close(code)) }
        } body: { lab in
            var reader = EventReader(lab.client)
            return await reader.next(3)
        }
        #expect(events == ["connecting 0", "connected", "connecting 1"])
    }

    @Test func aMessageAboveOurOwnLimitInterruptsTheRun() async throws {
        let events = try await ClientLaboratory.run {
            $0.socket.maxMessageSize = 1000
            $0.socket.maxFrameSize = 1000
        } script: { peer, _ in
            try await peer.accept()
            try await peer.send(String(repeating: " ", count: 2000))
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            return await reader.next(4)
        }
        #expect(events == ["connecting 0", "connected", "connecting 1", "failure 3"])
    }

    @Test("C24 on the wire: after a pushed disconnect the client closes the socket")
    func c24() async throws {
        let code = Mutex<Int?>(nil)
        let events = try await ClientLaboratory.run { peer, _ in
            try await peer.accept()
            try await peer.send(#"{"push":{"disconnect":{"code":4501,"reason":"unauthorized"}}}"#)
            let seen = try await peer.closeCode()
            code.withLock { $0 = seen }
        } body: { lab in
            var reader = EventReader(lab.client)
            let events = await reader.next(4)
            while code.withLock({ $0 }) == nil { await Task.yield() }
            return events
        }
        #expect(events == ["connecting 0", "connected", "disconnected 4501", nil])
        #expect(code.withLock { $0 } == 1000)
    }

    @Test("C28 on the wire: a silent server is left without a farewell")
    func c28() async throws {
        let events = try await ClientLaboratory.run { peer, _ in
            try await peer.accept(#"{"ping":25,"pong":true}"#)
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            var events = await reader.next(2)
            await lab.clock.advanceWhenSleeping(by: .seconds(35))
            events += await reader.next(1)
            await lab.clock.advanceWhenSleeping(by: .milliseconds(500))
            events += await reader.next(1)
            return events
        }
        #expect(events == ["connecting 0", "connected", "connecting 2", "connected"])
    }

    @Test("C43 on the wire: a handler that takes its time does not hold up the pongs")
    func c43() async throws {
        let pongs = Mutex(0)
        let handled = try await ClientLaboratory.run { peer, _ in
            try await peer.accept(#"{"ping":25,"pong":true,"subs":{"A":{"recoverable":true,"epoch":"e"}}}"#)
            try await peer.send((1...3).map { push("A", $0) }.joined(separator: "\n"))
            for _ in 0..<3 {
                try await peer.send("{}")
                guard try await peer.nextText() == "{}" else { return }
                pongs.withLock { $0 += 1 }
            }
            try await peer.waitForEnd()
        } body: { lab in
            var reader = EventReader(lab.client)
            await reader.skip(to: "subscribed A")
            var handled: [String?] = []
            for _ in 0..<3 {
                handled += await reader.next(1)
                // At work, until all pings have been answered.
                while pongs.withLock({ $0 }) < 3 { await Task.yield() }
            }
            return handled
        }
        #expect(handled == ["A/1", "A/2", "A/3"])
    }

    private struct SecretError: Error, CustomStringConvertible {
        var description: String { "secret-words" }
    }
}
