/// One command of a client, as its frame says it.
struct CentrifugeCommand {
    enum Kind: String, CaseIterable {
        case connect, subscribe, unsubscribe, publish, presence, history, rpc, refresh, send
        case presenceStats = "presence_stats"
        case subRefresh = "sub_refresh"
    }

    let id: Int
    let kind: Kind?
    let body: JSONValue

    /// A command that holds nothing but a pong.
    var isPong: Bool { id == 0 && kind != .send }

    /// Nil when the line is no JSON object.
    init?(line: some Sequence<UInt8>) {
        guard let object = (try? JSONValue(parsing: Array(line)))?.object else { return nil }
        id = object["id"]?.castInt ?? 0
        kind = Kind.allCases.first { object[$0.rawValue] != nil }
        body = kind.flatMap { object[$0.rawValue] } ?? .null
    }

    var channel: String { body["channel"]?.string ?? "" }

    /// Where the client left off in a channel; nil when it does not ask to recover.
    static func position(_ request: JSONValue) -> ChannelHistory.Position? {
        guard request["recover"] == .bool(true) else { return nil }
        return .init(offset: request["offset"]?.castInt ?? 0, epoch: request["epoch"]?.string ?? "")
    }

    /// The position of a history request.
    var since: ChannelHistory.Position? {
        body["since"].flatMap { since in
            since.object.map { .init(offset: $0["offset"]?.castInt ?? 0, epoch: $0["epoch"]?.string ?? "") }
        }
    }

    /// A successful reply; `body` stands under the command's own name.
    func reply(_ body: JSONValue) -> JSONValue {
        var reply: JSONObject = ["id": .int(id)]
        if let kind { reply.add(kind.rawValue, body) }
        return .object(reply)
    }

    func failure(_ failure: CentrifugeFailure) -> JSONValue { ["id": .int(id), "error": failure.json] }
}
