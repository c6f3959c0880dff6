import ActionCable
import Logging
import Testing
import WebSocketClient
import WebSocketTestSupport

/// A running client against a scripted server, with a clock that the test moves.
struct CableLaboratory: Sendable {
    let client: CableClient
    /// Another client of the same server, which a test may run itself.
    let second: CableClient
    let clock: ManualClock

    /// Runs `body` with a client that runs, and waits until the client has ended.
    static func run<Result: Sendable>(
        maxWaitingFrames: Int = 16_384,
        script: @escaping @Sendable (inout ServerPeer, Int) async throws -> Void,
        body: @escaping @Sendable (CableLaboratory) async throws -> Result
    ) async throws -> Result {
        try await ScriptedServer.run(script: script) { port in
            let clock = ManualClock()
            let socket = WebSocketConfiguration(url: "ws://127.0.0.1:\(port)/cable", proxy: .none)
            let configuration = CableConfiguration(
                socket: socket, clock: clock, random: { 0 }, maxWaitingFrames: maxWaitingFrames)
            let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
            let client = CableClient(configuration: configuration, logger: logger)
            let second = CableClient(configuration: configuration, logger: logger)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                defer { group.cancelAll() }
                return try await body(CableLaboratory(client: client, second: second, clock: clock))
            }
        }
    }
}

/// Takes events one by one.
struct EventReader {
    private var iterator: CableEvents.AsyncIterator
    private var pending: ArraySlice<CableEvent> = []

    init(_ subscription: CableSubscription) {
        iterator = subscription.events.makeAsyncIterator()
    }

    mutating func next() async -> CableEvent? {
        while pending.isEmpty {
            guard let batch = await iterator.next() else { return nil }
            pending = batch[...]
        }
        return pending.removeFirst()
    }

    /// The payload of the next frame, skipping everything else.
    mutating func nextFrame() async -> String? {
        while let event = await next() {
            if case .frame(let bytes) = event { return String(decoding: bytes, as: UTF8.self) }
        }
        return nil
    }
}

extension ServerPeer {
    /// Upgrades and welcomes in one write, as Rails does.
    mutating func welcome() async throws {
        try await upgrade(subprotocol: "actioncable-v1-json", then: ServerFrame.text(#"{"type":"welcome"}"#))
    }

    /// Confirms the next subscribe of the client, which must be for `identifier`.
    mutating func confirm(_ identifier: String) async throws {
        while let command = try await nextText() {
            if command == #"{"command":"subscribe","identifier":"\#(identifier)"}"# {
                try await send(#"{"identifier":"\#(identifier)","type":"confirm_subscription"}"#)
                return
            }
        }
        throw PeerGone()
    }
}

func data(_ identifier: String, _ number: Int) -> String {
    #"{"identifier":"\#(identifier)","message":{"n":\#(number)}}"#
}
