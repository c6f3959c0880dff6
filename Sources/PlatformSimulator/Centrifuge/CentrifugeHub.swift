import NIOCore
import Synchronization

/// All Centrifuge connections of one simulator and the channels that they listen to.
///
/// One lock around both: what a subscriber is told about a channel's position and the publications that follow it
/// enter its outbox in one order, with nothing between and nothing twice.
final class CentrifugeHub: Sendable {
    struct Member: Sendable {
        let socket: CentrifugeSocket
        let isServerSide: Bool
        /// Whether the channel kept history when the member came; without it nothing carries an offset.
        let isPositioned: Bool
        let wantsJoins: Bool
        let info: JSONValue
    }

    /// A wish to listen to a channel.
    struct Wish: Sendable {
        let channel: String
        let isServerSide: Bool
        /// Where a returning client left off.
        var since: ChannelHistory.Position?
        var wantsJoins = false
    }

    struct Channel {
        var history: ChannelHistory
        var members: [Member] = []
        /// Frames that wait for the next publication to overtake them.
        var held: [(socket: CentrifugeSocket, frame: [UInt8])] = []
    }

    struct State {
        var channels: [String: Channel] = [:]
        var sockets: [ObjectIdentifier: CentrifugeSocket] = [:]
        var connections = 0
        var generator: TokenSource

        mutating func epoch() -> String { String(generator.token().prefix(4)) }

        mutating func withChannel<Result>(_ name: String, _ body: (inout Channel) -> Result) -> Result {
            var channel = channels.removeValue(forKey: name) ?? Channel(history: ChannelHistory(epoch: epoch()))
            defer { channels[name] = channel }
            return body(&channel)
        }
    }

    let faults: FaultDials
    let ledger: TwinLedger
    let state: Mutex<State>

    init(faults: FaultDials, ledger: TwinLedger, seed: UInt64) {
        self.faults = faults
        self.ledger = ledger
        state = Mutex(State(generator: TokenSource(seed: seed &+ 0xCE)))
    }

    var sockets: [CentrifugeSocket] {
        state.withLock { $0.sockets.values.sorted { $0.number < $1.number } }
    }

    func nextConnection() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
    }

    func add(_ socket: CentrifugeSocket) {
        state.withLock { $0.sockets[ObjectIdentifier(socket)] = socket }
        ledger.update { counters in
            counters.streamsOpened += 1
            counters.openStreams += 1
        }
    }

    func remove(_ socket: CentrifugeSocket) {
        let wasThere = state.withLock { state in
            for name in Array(state.channels.keys) { Self.leave(socket, name, &state) }
            return state.sockets.removeValue(forKey: ObjectIdentifier(socket)) != nil
        }
        if wasThere { ledger.update { $0.openStreams -= 1 } }
    }

    /// Subscribes a connection, and sends the reply that `reply` makes of the results before any publication.
    func subscribe(
        _ socket: CentrifugeSocket, info: JSONValue, to wishes: [Wish], reply: ([(String, JSONValue)]) -> JSONValue
    ) {
        let dials = faults.centrifuge
        state.withLock { state in
            var results: [(String, JSONValue)] = []
            for wish in wishes {
                let result = state.withChannel(wish.channel) { channel in
                    channel.members.removeAll { $0.socket === socket }
                    Self.announce("join", info, wish.channel, to: channel.members)
                    channel.members.append(
                        Member(
                            socket: socket, isServerSide: wish.isServerSide, isPositioned: dials.recoverable,
                            wantsJoins: wish.wantsJoins, info: info))
                    return self.result(wish, channel.history, dials)
                }
                results.append((wish.channel, result))
            }
            socket.send(reply(results))
        }
    }

    private func result(
        _ wish: Wish, _ history: ChannelHistory, _ dials: FaultSettings.Centrifuge
    ) -> JSONValue {
        guard dials.recoverable else { return [:] }
        var result: JSONObject = [
            "recoverable": .bool(true), "positioned": .bool(true), "epoch": .string(history.epoch),
        ]
        var offset = history.top
        if let since = wish.since {
            let isLost = faults.take(\.unrecoveredNext, "streams.unrecovered")
            let missed =
                isLost
                ? nil : history.recover(since: since, size: dials.historySize, limit: dials.recoveryLimit)
            if let missed {
                result.add("recovered", .bool(true))
                offset = since.offset
                if !missed.isEmpty { result.add("publications", .array(missed.map { $0.json(positioned: true) })) }
            }
            ledger.update { counters in
                if missed == nil { counters.failedRecoveries += 1 } else { counters.recoveries += 1 }
            }
            result.add("was_recovering", .bool(true))
        }
        if offset > 0 { result.add("offset", .int(offset)) }
        return .object(result)
    }

    /// Ends a subscription; false when there is none.
    func unsubscribe(_ socket: CentrifugeSocket, from name: String) -> Bool {
        state.withLock { Self.leave(socket, name, &$0) }
    }

    func isSubscribed(_ socket: CentrifugeSocket, to name: String) -> Bool {
        state.withLock { $0.channels[name]?.members.contains { $0.socket === socket } ?? false }
    }

    /// Client-side subscriptions of a connection.
    func subscriptionCount(_ socket: CentrifugeSocket) -> Int {
        state.withLock { state in
            state.channels.values.filter { channel in
                channel.members.contains { $0.socket === socket && !$0.isServerSide }
            }.count
        }
    }

    @discardableResult
    private static func leave(_ socket: CentrifugeSocket, _ name: String, _ state: inout State) -> Bool {
        guard let member = state.channels[name]?.members.first(where: { $0.socket === socket }) else { return false }
        state.channels[name]?.members.removeAll { $0.socket === socket }
        state.channels[name]?.held.removeAll { $0.socket === socket }
        announce("leave", member.info, name, to: state.channels[name]?.members ?? [])
        return true
    }

    private static func announce(_ kind: String, _ info: JSONValue, _ name: String, to members: [Member]) {
        for member in members where member.wantsJoins {
            member.socket.send(.push(name, kind, ["info": info]))
        }
    }

    /// The clients of a channel, by connection id.
    func presence(_ name: String) -> [(id: String, info: JSONValue)] {
        state.withLock { ($0.channels[name]?.members ?? []).map { ($0.socket.id, $0.info) } }
    }

    /// A channel's stream as it stands.
    func history(_ name: String) -> ChannelHistory { state.withLock { $0.withChannel(name) { $0.history } } }
}

extension JSONValue {
    /// A push about a channel.
    static func push(_ channel: String, _ kind: String, _ body: JSONValue) -> JSONValue {
        var push: JSONObject = ["channel": .string(channel)]
        push.add(kind, body)
        return ["push": .object(push)]
    }
}
