public import CustomChannelAPI
public import Moonwire

/// What a custom channel can be tuned in.
public struct CustomChannelSettings: Sendable {
    /// When a call of the platform is answered.
    public enum Mode: String, Sendable, CaseIterable {
        /// As soon as it is journaled; what becomes of it is told by receipts.
        case accept
        /// When the scripts have handled it, or after `syncLimit`.
        case sync
    }

    /// How a question with quick replies reaches scripts.
    public enum QuickReplies: String, Sendable, CaseIterable {
        /// Its text, and the replies beside it.
        case native
        /// With the replies as numbered lines in the text; a number that comes back stands for its reply.
        case numbered
    }

    /// The channel's place on the host's web server: `/cc/<slug>/message`.
    public var slug: String
    /// The tokens that let the platform in; the channel's own is among them.
    public var tokens: [CustomChannelToken]
    public var mode = Mode.accept
    public var quickReplies = QuickReplies.native
    /// Posts per second.
    public var rate = 5.0
    public var syncLimit: Duration = .seconds(8)
    /// Between the answer that carries a message's id and the first receipt for it.
    public var receiptDelay: Duration = .milliseconds(500)
    /// How many messages a minute a call may bring about for one contact.
    public var answersPerMinute = 5
    /// Calls that are being answered at a time; further ones get 503.
    public var mostCalls = 1000

    public init(slug: String, tokens: [CustomChannelToken]) {
        self.slug = slug
        self.tokens = tokens
    }

    /// How long a post that may succeed later is tried again.
    static let patience = Duration.seconds(86_400)

    /// How effects are delivered: a repeat carries the same mId, so that nothing stays in doubt. The pace is the channel's.
    public static let policy = DeliveryPolicy(
        backOff: BackOff(first: .seconds(1), limit: .seconds(60)), attempts: .max, inDoubt: .repeat,
        requestLimit: .zero, patience: patience)
}
