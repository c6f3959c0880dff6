/// What a client may ask of the server.
///
/// All of these wait for the connection if it is being made, and throw `CentrifugeError`, or `CancellationError` when
/// the calling task is cancelled. A call that failed with `timeout` or `connectionLost` may have been carried out.
extension CentrifugeClient {
    /// Calls a procedure of the backend. Data and result are raw JSON.
    public func rpc(_ method: String, data: [UInt8] = JSONText.null) async throws -> [UInt8] {
        let body = try await perform(.rpc(method: method, data: OutgoingJSON.line(data)))
        if case .rpc(let data) = body { return data }
        return JSONText.null
    }

    /// Publishes raw JSON into a channel.
    public func publish(_ channel: String, data: [UInt8]) async throws {
        _ = try await perform(.publish(channel: channel, data: OutgoingJSON.line(data)))
    }

    /// Sends raw JSON to the backend, which does not answer. Returns when the message has been put on its way.
    public func send(data: [UInt8]) async throws {
        _ = try await perform(.send(data: OutgoingJSON.line(data)))
    }

    /// Reads a part of a channel's past.
    ///
    /// `limit` 0 asks for the current top alone, -1 for as much as the server gives at once.
    public func history(
        _ channel: String, limit: Int = 0, since: CentrifugePosition? = nil, reverse: Bool = false
    ) async throws -> CentrifugeHistory {
        let body = try await perform(.history(channel: channel, limit: limit, since: since, reverse: reverse))
        if case .history(let history) = body { return history }
        return CentrifugeHistory(publications: [], position: CentrifugePosition(epoch: "", offset: 0))
    }

    /// The clients in a channel, by the ids of their connections.
    public func presence(_ channel: String) async throws -> [String: CentrifugeClientInfo] {
        let body = try await perform(.presence(channel: channel))
        if case .presence(let clients) = body { return clients }
        return [:]
    }

    /// How many are in a channel.
    public func presenceStats(_ channel: String) async throws -> CentrifugePresenceStats {
        let body = try await perform(.presenceStats(channel: channel))
        if case .presenceStats(let stats) = body { return stats }
        return CentrifugePresenceStats(clients: 0, users: 0)
    }
}
