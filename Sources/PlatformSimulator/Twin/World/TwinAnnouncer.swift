/// Brings events from the TWIN24 world to the streams: before or after the answer to the request that caused them.
struct TwinAnnouncer: Sendable {
    let hub: CentrifugeHub

    /// The channel that all operators of the company listen to.
    static let companyChannel = "company:\(TwinDemoWorld.companyID)"

    func announce(_ event: String, _ data: JSONValue, to channels: [String]) {
        publish(["event": .string(event), "data": data], event: event, to: channels)
    }

    /// Publishes any data, whether it looks like an event or not.
    func publish(_ data: JSONValue, event: String, to channels: [String]) {
        let hub = hub
        let publish: @Sendable () -> Void = {
            for channel in channels { hub.publish(data, in: channel, event: event) }
        }
        if let scope = EventPublisher.scope, scope.hold(publish) { return }
        publish()
    }
}
