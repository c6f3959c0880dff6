import ActionCable
import Foundation
import Logging
import Testing
import WebSocketClient

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The real Rails server that `Tests/Peers/rails/serve` starts, and the means to steer it.
struct RailsPeer: Sendable {
    /// The server's URL, or `nil` when none is running: then the tests skip themselves.
    static let url = ProcessInfo.processInfo.environment["MOONWIRE_RAILS_URL"]

    let url: String

    init() throws {
        url = try #require(Self.url)
    }

    var socketURL: String { url.replacing("http://", with: "ws://", maxReplacements: 1) + "/cable" }

    /// Calls one of the steering routes.
    func post(_ path: String, _ body: String = "") async throws {
        var request = URLRequest(url: try #require(URL(string: url + path)))
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body.utf8)
        let (_, response) = try await URLSession.shared.data(for: request)
        #expect((response as? HTTPURLResponse)?.statusCode == 204)
    }

    /// A token that the server knows.
    func makeToken() async throws -> String {
        let token = Self.unknownToken()
        try await post("/token?token=\(token)")
        return token
    }

    static func unknownToken() -> String { UUID().uuidString }

    static func identifier(_ token: String, channel: String = "RoomChannel") -> String {
        #"{"channel":"\#(channel)","pubsub_token":"\#(token)"}"#
    }

    /// Runs `body` with a client that runs.
    func withClient<Result: Sendable>(
        _ change: (inout CableConfiguration) -> Void = { _ in },
        body: @escaping @Sendable (CableClient) async throws -> Result
    ) async throws -> Result {
        var configuration = CableConfiguration(socket: WebSocketConfiguration(url: socketURL, proxy: .none))
        change(&configuration)
        let client = CableClient(
            configuration: configuration, logger: Logger(label: "peer", factory: { _ in SwiftLogNoOpLogHandler() }))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            defer { group.cancelAll() }
            return try await body(client)
        }
    }
}

/// Takes events one by one, leaving out the presence that every subscription begins with unless asked for it.
struct RoomEvents {
    private var iterator: CableEvents.AsyncIterator
    private var pending: ArraySlice<CableEvent> = []

    init(_ subscription: CableSubscription) {
        iterator = subscription.events.makeAsyncIterator()
    }

    mutating func next(includingPresence: Bool = false) async -> CableEvent? {
        while true {
            while let event = pending.popFirst() {
                if !includingPresence, text(event).contains("presence.update") { continue }
                return event
            }
            guard let batch = await iterator.next() else { return nil }
            pending = batch[...]
        }
    }

    /// The next data frame as text.
    mutating func nextFrame(includingPresence: Bool = false) async -> String? {
        while let event = await next(includingPresence: includingPresence) {
            if case .frame = event { return text(event) }
        }
        return nil
    }

    private func text(_ event: CableEvent) -> String {
        if case .frame(let bytes) = event { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
