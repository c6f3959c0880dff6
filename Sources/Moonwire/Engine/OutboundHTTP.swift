/// The host's HTTP client as scripts reach it (`bot.http`). What hosts it may call is its own rule.
public protocol OutboundHTTP: Sendable {
    /// Sends once. `key` is the same in every attempt.
    func send(_ request: HostEffect.OutboundRequest, key: String) async throws(ChannelError) -> RawJSON
}
