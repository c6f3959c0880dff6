import Logging
import NIOCore
import NIOEmbedded
import NIOWebSocket
import Testing

@testable import WebSocketClient

/// The deadlines of an open connection, on a loop whose time the test moves.
@Suite(.timeLimit(.minutes(1))) struct IdleTests {
    private let channel = NIOAsyncTestingChannel()
    private let batches: WebSocketBatches
    private let outcome = SessionOutcome()

    init() async throws {
        let parts = WebSocketBatches.Producer.makeSequence(
            elementType: [WebSocketMessage].self, failureType: (any Error).self,
            backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2), finishOnDeinit: true,
            delegate: ReadingDelegate(channel: channel))
        batches = WebSocketBatches(parts.sequence, lifetime: ConnectionLifetime(channel: channel))
        var configuration = WebSocketConfiguration(url: "ws://unused.invalid/")
        configuration.idleTimeout = .seconds(10)
        configuration.pingInterval = .seconds(4)
        let (channel, outcome, settings, source) = (channel, outcome, configuration, parts.source)
        try await channel.testingEventLoop.executeInContext {
            let handler = SessionHandler(
                configuration: settings, outcome: outcome, source: source,
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        try await channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).get()
    }

    /// One read of the socket with one message.
    private func read() async throws {
        try await channel.writeInbound(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: "x")))
    }

    @Test func silenceEndsTheConnection() async throws {
        try await read()
        await channel.testingEventLoop.advanceTime(by: .seconds(9))
        #expect(outcome.closure == nil)
        await channel.testingEventLoop.advanceTime(by: .seconds(1))
        #expect(outcome.closure?.reason == "Nothing was heard for 10.0 seconds; the connection was given up.")
    }

    @Test func everyReadPutsTheEndOff() async throws {
        for _ in 0..<2 {
            await channel.testingEventLoop.advanceTime(by: .seconds(9))
            try await read()
        }
        #expect(outcome.closure == nil)
    }

    @Test func slowConsumerIsNotBlamedOnTheServer() async throws {
        for _ in 0..<2 { try await read() }
        await channel.testingEventLoop.advanceTime(by: .seconds(100))
        #expect(outcome.closure == nil)

        // It catches up: from now on the server has its ten seconds again.
        var iterator = batches.makeAsyncIterator()
        for _ in 0..<2 { _ = try await iterator.next() }
        await channel.testingEventLoop.advanceTime(by: .seconds(9))
        #expect(outcome.closure == nil)
        await channel.testingEventLoop.advanceTime(by: .seconds(21))
        #expect(outcome.closure != nil)
    }

    @Test func pingsAreSentAtTheInterval() async throws {
        for _ in 0..<3 {
            await channel.testingEventLoop.advanceTime(by: .seconds(3))
            #expect(try await channel.readOutbound(as: WebSocketFrame.self) == nil)
            await channel.testingEventLoop.advanceTime(by: .seconds(1))
            let ping = try await channel.readOutbound(as: WebSocketFrame.self)
            #expect(ping?.opcode == .ping && ping?.maskKey != nil)
            try await read()
        }
    }
}
