import ChatwootAPI
import Moonwire

/// One side of a Chatwoot-family channel: what the contact and the operator do differently.
protocol ChatwootSeat: Sendable {
    /// Takes the seat and gives the stream's identifier. Called at the start, and again when the stream doubts the
    /// token.
    func open() async throws -> ChatwootIdentifier

    /// Turns an event of the stream into events of ours. Called in the order of the stream.
    func translate(_ event: ChatwootEvent, now: Instant) -> Translation

    /// Reads what the stream did not bring since an instant. `unread` asks for what nobody has answered yet.
    func backFill(_ gap: Gap, now: Instant) async throws -> [Event]

    func perform(_ delivery: EffectDelivery) async throws -> EffectReceipt
    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async throws -> Reconciliation
}

/// What an event of the stream becomes.
struct Translation: Sendable {
    /// To be handled once.
    var admitted: [Event] = []
    /// Typing, presence, and the echoes of the host's own messages.
    var announced: [Event] = []

    static let nothing = Translation()
}

/// A stretch of time in which the stream may have said things that nobody heard.
struct Gap: Sendable {
    /// The last sure sign of the stream.
    var since: Instant
    /// When the channel first began: what is older was there before the bot and is left alone.
    var firstStart: Instant
    /// A first start that is to handle what is unread.
    var isFirstStart = false
}
