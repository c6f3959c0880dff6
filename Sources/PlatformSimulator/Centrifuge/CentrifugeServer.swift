import Synchronization

/// What every connection of the Centrifuge endpoint shares.
struct CentrifugeServer: Sendable {
    let hub: CentrifugeHub
    let backend: any CentrifugeBackend
    let faults: FaultDials
    let log: CommandLog

    static let subprotocol = "centrifuge-json"
    /// Any address that ends so is the endpoint, as installations choose what stands before it.
    static let pathEnd = "/connection/websocket"
}

/// The commands that clients sent, verbatim: for the tests of a client in the same process, and for nobody else.
final class CommandLog: Sendable {
    struct Entry: Sendable {
        let connection: Int
        let at: ContinuousClock.Instant
        let text: String
    }

    private static let capacity = 10_000
    private let state = Mutex<[Entry]>([])

    var entries: [Entry] { state.withLock { Array($0.suffix(Self.capacity)) } }

    func add(connection: Int, _ line: some Sequence<UInt8>) {
        let entry = Entry(connection: connection, at: .now, text: String(decoding: Array(line), as: UTF8.self))
        state.withLock { entries in
            entries.append(entry)
            if entries.count >= 2 * Self.capacity { entries.removeFirst(Self.capacity) }
        }
    }

    func clear() { state.withLock { $0 = [] } }
}
