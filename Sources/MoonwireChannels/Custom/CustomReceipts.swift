import CustomChannelAPI
import EventJSON
import Logging
import Moonwire
import Synchronization

/// The receipts on their way to the platform: taken down in the journal's store first, then posted in order, none before
/// the platform knows the message's id.
final class CustomReceipts: Sendable {
    private let poster: CustomPoster
    private let calls: CustomCalls
    private let timing: DeliveryTiming
    private let delay: Duration
    private let logger: Logger
    private let turns = Turns()
    private let active = Mutex<Set<String>>([])
    private let wakes: AsyncStream<String>
    private let wake: AsyncStream<String>.Continuation
    /// What the platform refused for good: the message, the contact and why.
    private let refused: @Sendable (_ mID: String, _ contact: String, _ error: CustomChannelError) async -> Void
    private let backOff = BackOff(first: .seconds(1), limit: .seconds(60))
    private static let patience = Duration.seconds(86_400)

    init(
        poster: CustomPoster, calls: CustomCalls, timing: DeliveryTiming, delay: Duration, logger: Logger,
        refused: @escaping @Sendable (String, String, CustomChannelError) async -> Void
    ) {
        self.poster = poster
        self.calls = calls
        self.timing = timing
        self.delay = delay
        self.logger = logger
        self.refused = refused
        (wakes, wake) = AsyncStream.makeStream()
    }

    /// Takes a receipt down. Returns `false` when it says nothing new.
    func add(_ receipt: CustomChannelReceipt, to mID: String, _ memory: CustomMemory) async throws -> Bool {
        let isNews = try await turns.with(mID) {
            guard let row = try await memory.read(.message(mID)) else {
                throw ChannelError.notFound(
                    "no message '\(mID)' of the platform is known; messages are remembered for 7 days")
            }
            var state = CustomChannelReceiptState(
                posted: row["posted"]?.elements.compactMap { $0.string.flatMap(CustomChannelReceipt.Value.init) } ?? [])
            guard state.take(receipt.value) else { return false }
            let queue = try await memory.read(.receipts(of: mID))?.elements ?? []
            try await memory.write([
                (.message(mID), Self.row(contact: row["contact"]?.string ?? "", state)),
                (.receipts(of: mID), .array(queue + [Self.item(receipt, at: timing.clock.now)])),
            ])
            return true
        }
        if isNews { wake.yield(mID) }
        return isNews
    }

    /// Takes note that a message was refused in the answer itself, so that no receipt follows.
    func close(_ mID: String, contact: String, _ memory: CustomMemory) async throws {
        try await turns.with(mID) {
            try await memory.write([
                (.message(mID), Self.row(contact: contact, CustomChannelReceiptState(posted: [.failed])))
            ])
        }
    }

    static func row(contact: String, _ state: CustomChannelReceiptState = CustomChannelReceiptState()) -> JSON {
        ["contact": .string(contact), "posted": .array(state.posted.map { .string($0.rawValue) })]
    }

    /// Posts until cancelled, beginning with what an earlier process left.
    func run(_ memory: CustomMemory) async throws {
        for mID in try await left(in: memory) { wake.yield(mID) }
        await withDiscardingTaskGroup { group in
            for await mID in wakes where active.withLock({ $0.insert(mID).inserted }) {
                group.addTask { await self.deliver(mID, memory) }
            }
            group.cancelAll()
        }
    }

    private func left(in memory: CustomMemory) async throws -> [String] {
        while true {
            do {
                return try await memory.messagesWithReceipts()
            } catch let error as JournalError where error.code != .closed {
                logger.error("The journal refuses; receipts wait", metadata: ["error": "\(error)"])
                try await timing.sleep(.seconds(5))
            }
        }
    }

    private func deliver(_ mID: String, _ memory: CustomMemory) async {
        do {
            guard try await isAnswered(mID) else {
                try await memory.write([(.receipts(of: mID), nil)])
                active.withLock { _ = $0.remove(mID) }
                return
            }
            while let (item, contact) = try await first(of: mID, memory) {
                try await post(item, mID: mID, contact: contact)
                try await turns.with(mID) {
                    let rest = try await memory.read(.receipts(of: mID))?.elements.dropFirst() ?? []
                    try await memory.write([(.receipts(of: mID), rest.isEmpty ? nil : .array(Array(rest)))])
                }
            }
        } catch {
            active.withLock { _ = $0.remove(mID) }
            guard !Task.isCancelled else { return }
            logger.error("Receipts wait", metadata: ["message.id": "\(mID)", "error": "\(error)"])
            try? await timing.sleep(.seconds(5))
            wake.yield(mID)
        }
    }

    /// The next receipt of a message. Without one the message is left, in the same turn, so that none is overlooked.
    private func first(of mID: String, _ memory: CustomMemory) async throws -> (JSON, String)? {
        try await turns.with(mID) {
            let item = try await memory.read(.receipts(of: mID))?.elements.first
            let contact = try await memory.read(.message(mID))?["contact"]?.string
            guard let item, let contact else {
                active.withLock { _ = $0.remove(mID) }
                return nil
            }
            return (item, contact)
        }
    }

    /// Waits until the answer that carries the id was written, and a little longer.
    private func isAnswered(_ mID: String) async throws -> Bool {
        while true {
            let now = timing.clock.now
            switch calls.answer(of: mID, at: now) {
            case .lost: return false
            case .waiting: try await timing.sleep(.milliseconds(50))
            case .written(let at):
                let rest = at + delay - now
                guard rest > .zero else { return true }
                try await timing.sleep(rest)
            }
        }
    }

    private func post(_ item: JSON, mID: String, contact: String) async throws {
        let at = Instant(milliseconds: Int64(item["at"]?.int ?? 0))
        let event = CustomChannelEvent(
            contactID: contact, .receipt(Self.receipt(item)), mID: CustomChannelMessageID(rawValue: mID),
            timestamp: at.rawValue)
        // Between two attempts too: what comes later for the contact must not overtake.
        try await poster.inTurn(of: contact) {
            var attempt = 0
            while true {
                do {
                    return try await poster.send(event)
                } catch let error as CustomChannelError {
                    attempt += 1
                    guard error.retryable, timing.clock.now < at + Self.patience else {
                        await refused(mID, contact, error)
                        return
                    }
                    let wait = backOff.wait(after: attempt, random: timing.random())
                    try await timing.sleep(max(wait, error.retryAfter ?? .zero))
                }
            }
        }
    }

    private static func item(_ receipt: CustomChannelReceipt, at: Instant) -> JSON {
        var item: JSONObject = ["value": .string(receipt.value.rawValue), "at": .int(at.rawValue)]
        if case .failed(let reason?) = receipt { item.append("reason", .string(reason)) }
        return .object(item)
    }

    private static func receipt(_ item: JSON) -> CustomChannelReceipt {
        switch item["value"]?.string {
        case "delivered": .delivered
        case "read": .read
        default: .failed(reason: item["reason"]?.string)
        }
    }
}
