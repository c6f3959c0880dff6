import EventJSON
import Moonwire
import Testing

@testable import MoonwireServer

struct PatienceTests {
    @Test func halfAHeadIsAnswered408() async throws {
        let log = LogBook()
        try await withServer([EchoRoute()], log: log, settings: { $0.patience.head = .seconds(2) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHo")
                let answer = try await wire.answer()
                #expect(answer.status == 408)
                let rest = try await wire.rest()
                #expect(rest.isEmpty)
            }
        }
        #expect(log.all.contains { $0.contains("http.status=408") })
    }

    @Test func halfABodyIsAnswered408() async throws {
        try await withServer([EchoRoute()], settings: { $0.patience.body = .milliseconds(50) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhi")
                let answer = try await wire.answer()
                #expect(answer.status == 408)
                #expect(answer.headers["connection"] == "close")
            }
        }
    }

    @Test func whoSaysNothingIsCutOffWithoutAWord() async throws {
        try await withServer(settings: { $0.patience.head = .milliseconds(50) }) { server in
            let said = try await Wire.open(port: server.port) { try await $0.rest() }
            #expect(said.isEmpty)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await withServer([EchoRoute()], settings: { $0.patience.idle = .seconds(1) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                let answer = try await wire.answer()
                #expect(answer.status == 200)
                let rest = try await wire.rest()
                #expect(rest.isEmpty)
            }
        }
    }

    @Test func aRouteMayTakeLongerThanAnyPeer() async throws {
        let slow = EchoRoute(answers: { _ in
            try? await Task.sleep(for: .milliseconds(2500))
            return .json(200, ["done": true])
        })
        try await withServer(
            [slow],
            settings: {
                $0.patience.head = .seconds(2)
                $0.patience.body = .seconds(2)
                $0.patience.idle = .seconds(2)
            }
        ) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                let answer = try await wire.answer()
                #expect(answer.status == 200)
            }
        }
    }

    @Test func anAnswerThatNobodyReadsIsGivenUp() async throws {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        let large = EchoRoute(answers: { _ in
            InboundResponse(
                status: 200, body: .bytes([UInt8](repeating: 120, count: 64 << 20)), written: { end.yield($0) })
        })
        try await withServer([large], settings: { $0.patience.write = .milliseconds(100) }) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                var iterator = ends.makeAsyncIterator()
                let isWritten = await iterator.next()
                #expect(isWritten == false)
            }
        }
    }

    @Test func connectionsOverTheCapWaitForTheirTurn() async throws {
        try await withServer([EchoRoute()], settings: { $0.limits.connections = 1 }) { server in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        try await Wire.open(port: server.port) { wire in
                            try await wire.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                            return try await wire.answer().status
                        }
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
