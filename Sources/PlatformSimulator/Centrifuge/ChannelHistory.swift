/// A publication as its channel keeps it.
struct CentrifugePublication: Sendable {
    let offset: Int
    let data: JSONValue
    /// The client who published; nil when it was the server.
    let info: JSONValue?

    /// - Parameter positioned: whether the channel has history, without which nothing carries an offset.
    func json(positioned: Bool) -> JSONValue {
        var object: JSONObject = ["data": data]
        if positioned { object.add("offset", .int(offset)) }
        if let info { object.add("info", info) }
        return .object(object)
    }
}

/// The stream of one channel: its position, what it still keeps, and what a returning client may have back.
struct ChannelHistory: Sendable {
    /// A place in a stream; an empty epoch stands for any.
    struct Position: Sendable, Equatable {
        var offset: Int
        var epoch: String
    }

    private(set) var epoch: String
    private(set) var top = 0
    private var kept: [CentrifugePublication] = []

    init(epoch: String) { self.epoch = epoch }

    var position: Position { Position(offset: top, epoch: epoch) }

    /// - Parameter size: how many publications are kept, this one included.
    mutating func append(_ data: JSONValue, info: JSONValue?, size: Int) -> CentrifugePublication {
        top += 1
        let publication = CentrifugePublication(offset: top, data: data, info: info)
        kept.append(publication)
        // Twice the size before anything moves, so that a long stream does not shift its array at every step.
        if kept.count >= 2 * max(1, size) { kept.removeFirst(kept.count - size) }
        return publication
    }

    /// What was published after a position; nil when not all of it can be had.
    func recover(since position: Position, size: Int, limit: Int) -> [CentrifugePublication]? {
        guard position.epoch.isEmpty || position.epoch == epoch else { return nil }
        let missed = kept.suffix(size).filter { $0.offset > position.offset }.prefix(limit)
        guard let first = missed.first, let last = missed.last else { return position.offset == top ? [] : nil }
        return first.offset == position.offset + 1 && last.offset == top ? Array(missed) : nil
    }

    /// A page of history; a limit below 0 stands for as much as the server allows.
    func page(after offset: Int?, limit: Int, reversed: Bool, size: Int, most: Int) -> [CentrifugePublication] {
        let count = limit < 0 ? most : min(limit, most)
        let all = kept.suffix(size)
        if reversed { return Array(all.filter { $0.offset < offset ?? .max }.reversed().prefix(count)) }
        return Array(all.filter { $0.offset > offset ?? 0 }.prefix(count))
    }

    /// Loses what is kept; the position stays, so that only recovery fails.
    mutating func forget() { kept = [] }

    /// Leaves a hole of so many offsets before the next publication.
    mutating func skip(_ count: Int) { top += max(0, count) }

    /// Begins anew, as after the loss of a whole broker.
    mutating func restart(epoch: String) { self = ChannelHistory(epoch: epoch) }
}
