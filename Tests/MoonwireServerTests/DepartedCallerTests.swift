import Moonwire
import NIOCore
import Testing

@testable import MoonwireServer

/// Answers that come when their callers wait no longer.
struct DepartedCallerTests {
    private static let request = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"

    /// - Parameter leaves: Whether the caller ends its side while the answer is being made.
    /// - Returns: Whether the answer counts as written, and what came of it.
    private func ask(_ request: String, leaves: Bool) async throws -> (isWritten: Bool?, body: String) {
        let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
        let (gate, open) = AsyncStream.makeStream(of: Never.self)
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        let slow = EchoRoute(answers: { _ in
            arrived.yield()
            for await _ in gate {}
            return InboundResponse(status: 200, body: .bytes(Array("late".utf8)), written: { end.yield($0) })
        })
        return try await withServer([slow]) { server in
            try await Wire.open(port: server.port) { wire in
                try await wire.send(request)
                for await _ in arrivals { break }
                if leaves {
                    try await wire.finish()
                    try await turnAllLoops(of: server)
                }
                open.finish()
                let body = try await wire.answer().body
                for await isWritten in ends { return (isWritten, body) }
                return (nil, body)
            }
        }
    }

    /// Each loop of the server looks at all its sockets before it can answer: connections go to them in turn.
    private func turnAllLoops(of server: RunningServer) async throws {
        for _ in 0..<(2 * System.coreCount) {
            try await Wire.open(port: server.port) { wire in
                try await wire.send("GET /none HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await wire.answer()
            }
        }
    }

    @Test func anAnswerToWhoeverWaitsForItIsWritten() async throws {
        let answer = try await ask(Self.request, leaves: false)
        #expect(answer.isWritten == true && answer.body == "late")
    }

    @Test(arguments: [1, 2])
    func anAnswerToWhoeverHasLeftIsSentButCountsAsLost(requests: Int) async throws {
        let answer = try await ask(String(repeating: Self.request, count: requests), leaves: true)
        #expect(answer.isWritten == false)
        // Whoever has ended only its own side still reads it.
        #expect(answer.body == "late")
    }
}
