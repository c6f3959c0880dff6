import EventJSON
import Logging
import Testing
import WebSocketClient
import WebSocketTestSupport

@testable import Centrifuge

/// A running client against a scripted server, with a clock that the test moves.
struct ClientLaboratory: Sendable {
    let client: CentrifugeClient
    let clock: ManualClock

    /// Runs `body` with a client that runs, and waits until the client has ended.
    static func run<Result: Sendable>(
        _ change: @escaping @Sendable (inout CentrifugeConfiguration) -> Void = { _ in },
        script: @escaping @Sendable (inout ServerPeer, Int) async throws -> Void,
        body: @escaping @Sendable (ClientLaboratory) async throws -> Result
    ) async throws -> Result {
        try await ScriptedServer.run(script: script) { port in
            let clock = ManualClock()
            let client = client(port: port) { configuration in
                configuration.clock = clock
                change(&configuration)
            }
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                defer { group.cancelAll() }
                return try await body(ClientLaboratory(client: client, clock: clock))
            }
        }
    }

    /// A client that is not yet run.
    static func client(
        port: Int, _ change: (inout CentrifugeConfiguration) -> Void = { _ in }
    ) -> CentrifugeClient {
        let socket = WebSocketConfiguration(
            url: "http://127.0.0.1:\(port)/centrifugo/connection/websocket", proxy: .none)
        var configuration = CentrifugeConfiguration(socket: socket, name: "", random: { 0 })
        change(&configuration)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        return CentrifugeClient(configuration: configuration, logger: logger)
    }
}

/// Takes events one by one.
struct EventReader {
    private var iterator: CentrifugeEvents.AsyncIterator
    private var pending: ArraySlice<CentrifugeEvent> = []

    init(_ client: CentrifugeClient) {
        iterator = client.events.makeAsyncIterator()
    }

    mutating func next() async -> CentrifugeEvent? {
        while pending.isEmpty {
            guard let batch = await iterator.next() else { return nil }
            pending = batch[...]
        }
        return pending.removeFirst()
    }

    /// The next events in short, `nil` where there are no more.
    mutating func next(_ count: Int) async -> [String?] {
        var events: [String?] = []
        for _ in 0..<count { events.append(await next()?.brief) }
        return events
    }

    /// Skips everything up to and including an event.
    mutating func skip(to brief: String) async {
        while let event = await next(), event.brief != brief {}
    }
}

extension ServerPeer {
    /// Upgrades and reads the connect command.
    mutating func readConnect() async throws -> JSON {
        try await upgrade()
        return try await nextCommand()
    }

    /// Upgrades, reads the connect command and accepts it.
    @discardableResult
    mutating func accept(_ result: String = "{}", then more: String = "") async throws -> JSON {
        let command = try await readConnect()
        try await send(#"{"id":\#(command["id"]?.int ?? 0),"connect":\#(result)}"# + more)
        return command
    }

    mutating func nextCommand() async throws -> JSON {
        guard let text = try await nextText() else { throw PeerGone() }
        return try JSON(parsing: text)
    }

    /// Returns when the client has said goodbye, or has gone without.
    mutating func closeCode() async throws -> Int? {
        while let frame = try await nextFrame() {
            if frame.opcode == 8, frame.payload.count >= 2 { return Int(frame.payload[0]) << 8 | Int(frame.payload[1]) }
        }
        return nil
    }
}
