import EventJSON
import Moonwire
import Synchronization

/// A platform for making journals: the maker says what clients write, and certain words in an effect make it fail.
final class StagedPlatform: Channel {
    let descriptor = ChannelDescriptor(
        id: "desk", platform: .bevatel, role: .operator,
        capabilities: [
            "reply", "note", "quick_replies", "attach", "typing", "mark_read", "transfer", "close", "reopen", "label",
            "unlabel", "set", "messages", "refresh", "update",
        ])
    private let clock: HostClock
    private let events: AsyncStream<Event>
    private let stage: AsyncStream<Event>.Continuation
    private let counter: Mutex<Int>
    private let performed: Mutex<[(session: String, text: String)]> = Mutex([])
    private let announce: AsyncStream<String>.Continuation
    /// The texts of all messages, as they arrive. For one reader.
    let said: AsyncStream<String>

    /// - Parameter first: The number of the first event; events of one journal have a number each.
    init(first: Int, clock: HostClock = .system) {
        self.clock = clock
        (events, stage) = AsyncStream.makeStream()
        (said, announce) = AsyncStream.makeStream()
        counter = Mutex(first)
    }

    /// Whether a message has arrived.
    func hasSaid(_ text: String, in session: String) -> Bool {
        performed.withLock { $0.contains { $0.session == session && $0.text == text } }
    }

    /// What the next number will be.
    var next: Int { counter.withLock { $0 } }

    func run(_ context: ChannelContext) async throws {
        for await event in events {
            _ = try await context.admit([event], [Cursor(key: event.session?.id.id ?? "", value: Array(event.id.utf8))])
        }
    }

    /// The client of a session writes.
    func write(_ text: String, in session: String) {
        let number = counter.withLock { counter in
            defer { counter += 1 }
            return counter
        }
        let message = Message(id: "m\(number)", text: text, at: clock.now, from: .client)
        stage.yield(event("message.created", "m\(number)", in: session, message: message))
    }

    func update(_ session: String) {
        stage.yield(event("session.updated", "u\(next)", in: session, message: nil))
    }

    private func event(_ name: String, _ id: String, in session: String, message: Message?) -> Event {
        Event(
            name: name, native: name, key: "\(name):\(id)", id: id, at: clock.now, channel: descriptor.id,
            platform: descriptor.platform, role: descriptor.role, from: message?.from, session: snapshot(session),
            message: message, raw: RawJSON(validated: Array(#"{"deep":{"list":[1,2]}}"#.utf8)))
    }

    private func snapshot(_ session: String, status: String = "open") -> Session {
        Session(
            id: SessionID(channel: descriptor.id, id: session), status: status, owner: .bot,
            client: Client(id: "c" + session, name: "Aisha", language: "ar"), labels: ["new"])
    }

    func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
        switch delivery.effect {
        case .reply(let reply):
            switch reply.text {
            case "hang":
                try? await Task.sleep(for: .seconds(3600))
                throw ChannelError(code: "cancelled", message: "cut off", fate: .inDoubt, retryable: false)
            case "in doubt":
                throw ChannelError(code: "network", message: "no answer came", fate: .inDoubt, retryable: true)
            case let text where text.contains("fail"):
                throw ChannelError(
                    code: "rejected", message: "the platform refuses", fate: .notPerformed, retryable: false,
                    status: 422)
            default: break
            }
            performed.withLock { $0.append((delivery.session.id, reply.text)) }
            announce.yield(reply.text)
            let id = "r" + delivery.key
            let message = Message(id: id, text: reply.text, at: clock.now, from: .own)
            return EffectReceipt(value: JournaledMessage.encode(message), nativeID: id)
        case .messages:
            return EffectReceipt(value: RawJSON(validated: Array(#"[{"id":"1","text":"old","from":"client"}]"#.utf8)))
        case .refresh, .set, .label, .unlabel: return EffectReceipt(session: snapshot(delivery.session.id))
        case .close: return EffectReceipt(session: snapshot(delivery.session.id, status: "closed"))
        default: return EffectReceipt()
        }
    }

    func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
        .undecided("the platform does not say")
    }
}

/// A message as a channel's receipt gives it to scripts.
enum JournaledMessage {
    static func encode(_ message: Message) -> RawJSON {
        let event = Event(
            name: "", native: "", key: nil, id: "", at: message.at, channel: "", platform: .bevatel, role: .operator,
            message: message)
        return EventBody(event).message ?? .null
    }
}

/// A shop on the web, for the same purpose.
struct StagedShop: OutboundHTTP {
    func send(_ request: HostEffect.OutboundRequest, key: String) async throws(ChannelError) -> RawJSON {
        if request.url.hasSuffix("/hang") {
            try? await Task.sleep(for: .seconds(3600))
            throw ChannelError(code: "cancelled", message: "cut off", fate: .inDoubt, retryable: false)
        }
        if request.url.hasSuffix("/fail") {
            throw ChannelError(code: "forbidden", message: "the host refuses", fate: .notPerformed, retryable: false)
        }
        let answer: JSON = [
            "status": 200, "headers": ["content-type": "application/json"], "body": #"{"total":"12.50"}"#,
        ]
        return RawJSON(validated: answer.bytes)
    }
}
