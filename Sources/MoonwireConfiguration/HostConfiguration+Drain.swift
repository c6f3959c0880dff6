extension HostConfiguration {
    /// How long a shutdown may wait for sessions that channels have in hand.
    public var longestDrain: Duration {
        channels.map { channel in
            if case .twin(let seat) = channel.seat { seat.drainTimeout } else { .zero }
        }.max() ?? .zero
    }
}
