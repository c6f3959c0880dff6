/// A place on the cable: what comes for one identifier, and what may be said there.
///
/// The methods may be called from any thread and never wait.
public struct CableSubscription: Sendable {
    /// The identifier that the subscription began with. It holds a token: keep it out of logs.
    public let identifier: String

    /// What the subscription hears. For a single consumer.
    public let events: CableEvents

    let id: SubscriptionID
    let client: CableClient

    /// Performs an action of the channel, such as `{"action":"update_presence"}`.
    ///
    /// Dropped when the subscription is not live: the server would not know what to do with it.
    public func perform(_ dataJSON: String) {
        client.perform(id, dataJSON)
    }

    /// Gives up the old identifier and subscribes with a new one, or again with the same after `tokenSuspect`.
    ///
    /// Throws `CableError` when another subscription uses the identifier, or after the end.
    public func replaceToken(identifier newIdentifier: String) throws(CableError) {
        try client.replaceToken(id, newIdentifier)
    }

    /// Leaves. The events end.
    public func unsubscribe() {
        client.unsubscribe(id)
    }
}
