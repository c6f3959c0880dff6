/// A subscription that the client asked for, as the machine sees it.
struct ClientSubscription: Sendable {
    enum State: Sendable, Hashable {
        /// There is no connection that commands could go to.
        case offline
        /// A token is being had.
        case asking(CredentialQuestion)
        case sent(id: UInt32)
        /// Refused for now.
        case waiting(until: Duration)
        case subscribed
    }

    var options: CentrifugeSubscriptionOptions
    var state = State.offline
    var token: String
    /// What is known of the channel since it was first subscribed.
    var stream: ChannelStream?
    var wasSubscribed = false
    /// Retries since the last success.
    var attempts = 0
    var refreshDue: Duration?
    var refreshQuestion: CredentialQuestion?

    init(_ options: CentrifugeSubscriptionOptions) {
        self.options = options
        token = options.token
        if let since = options.since { stream = ChannelStream(isRecoverable: true, position: since) }
    }

    /// Where to continue from. A position that must not be used is replaced by one that no stream can have, so that
    /// the server says plainly that nothing was recovered.
    var recovery: CentrifugePosition? {
        guard let stream, stream.isRecoverable else { return nil }
        return stream.isForgotten ? CentrifugePosition(epoch: "_", offset: 0) : stream.position
    }

    /// When something is due.
    var due: Duration? {
        switch state {
        case .waiting(let until): until
        case .subscribed: refreshDue
        case .offline, .asking, .sent: nil
        }
    }
}
