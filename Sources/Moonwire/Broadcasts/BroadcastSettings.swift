/// What holds for all broadcasts of a host.
public struct BroadcastSettings: Sendable {
    /// Of all broadcasts together.
    public var throttle: SendRate?
    /// Of all broadcasts of a channel together.
    public var channels: [ChannelID: SendRate]
    /// How many messages of one broadcast may be under way at once. Each of them is in doubt when the host is killed, so
    /// that more than a channel has connections gains nothing.
    public var inFlight: Int
    /// The words by which clients opt out of everything; `nil` for the default ones once a script has a broadcast.
    public var optOut: OptOutTerms?

    public init(
        throttle: SendRate? = nil, channels: [ChannelID: SendRate] = [:], inFlight: Int = 8, optOut: OptOutTerms? = nil
    ) {
        self.throttle = throttle
        self.channels = channels
        self.inFlight = max(inFlight, 1)
        self.optOut = optOut
    }
}
