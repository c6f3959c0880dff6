internal import ActionCable
internal import EventJSON
internal import Logging

/// What a subscription hears.
public enum ChatwootSignal: Sendable {
    /// The platform confirmed the subscription. After a reconnect events may be missing: read them by REST.
    case live(reconnected: Bool)
    case event(ChatwootEvent)
    /// The token may be wrong: read it again and subscribe with it.
    case tokenSuspect
    /// The connection was lost; the client goes on trying.
    case lost(reason: String)
    /// Nothing follows.
    case ended(reason: String)
}

/// The events of one contact or operator, as they come. For one reader; letting it go ends it.
public final class ChatwootSubscription: AsyncSequence, Sendable {
    public typealias Element = ChatwootSignal
    public typealias Failure = Never

    private let subscription: CableSubscription
    private let account: Int?
    private let logger: Logger

    init(_ subscription: CableSubscription, account: Int?, logger: Logger) {
        self.subscription = subscription
        self.account = account
        self.logger = logger
    }

    /// Says that the subscriber is there, and asks who else is: the answer is a `presenceUpdate` event.
    public func updatePresence() {
        subscription.perform(ChatwootIdentifier.updatePresence)
    }

    /// Leaves.
    public func unsubscribe() {
        subscription.unsubscribe()
    }

    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(subscription: self, batches: subscription.events.makeAsyncIterator())
    }

    /// Walks the signals.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let subscription: ChatwootSubscription
        fileprivate var batches: CableEvents.AsyncIterator
        private var waiting: ArraySlice<CableEvent> = []
        private let parser = JSONParser()

        fileprivate init(subscription: ChatwootSubscription, batches: CableEvents.AsyncIterator) {
            self.subscription = subscription
            self.batches = batches
        }

        public mutating func next() async -> ChatwootSignal? {
            while true {
                while let event = waiting.popFirst() {
                    if let signal = subscription.signal(event, parser) { return signal }
                }
                guard let batch = await batches.next() else { return nil }
                waiting = batch[...]
            }
        }
    }

    private func signal(_ event: CableEvent, _ parser: JSONParser) -> ChatwootSignal? {
        switch event {
        case .frame(let frame): return read(frame, parser)
        case .confirmed(let reconnect):
            // The answer that the platform gives by itself right after subscribing is often lost.
            updatePresence()
            return .live(reconnected: reconnect)
        case .tokenSuspect, .rejected, .authFailed: return .tokenSuspect
        case .disconnected(let reason): return .lost(reason: reason)
        case .stopped(let reason): return .ended(reason: reason)
        case .degraded, .recovered: return nil
        }
    }

    /// A user's token streams all accounts of the user: what is for another one is dropped.
    private func read(_ frame: [UInt8], _ parser: JSONParser) -> ChatwootSignal? {
        do {
            guard let event = try ChatwootEvent(frame: frame, parser: parser) else { return nil }
            if let account, let other = event.accountID, other != account { return nil }
            return .event(event)
        } catch {
            logger.debug("a frame was dropped: it is not JSON", metadata: ["frame.bytes": "\(frame.count)"])
            return nil
        }
    }
}

@available(*, unavailable)
extension ChatwootSubscription.AsyncIterator: Sendable {}
