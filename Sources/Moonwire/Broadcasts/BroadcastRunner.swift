import EventJSON
import Synchronization

/// Carries broadcasts to their end: fills the ledger with the audience, takes recipients on in batches, and writes down
/// what became of each.
///
/// All that decides what is sent stands in the ledger; memory holds a page of it. A recipient is claimed together with
/// the intent of the message, then the message is sent once, then its outcome is written. What an earlier process left
/// claimed is looked for on the platform, never sent again.
final class BroadcastRunner: Sendable {
    struct Ports: Sendable {
        let journal: any Journal
        let ledger: any BroadcastLedger
        let timing: DeliveryTiming
        let settings: BroadcastSettings
        let channels: [ChannelID: ChannelDescriptor]
        /// How many effects a second each channel lets out; zero or absent for no limit.
        var rates: [ChannelID: Double] = [:]
        /// Performs an effect whose intent is committed. `false` when there is no such channel.
        let deliver: @Sendable (EffectQueue.Item) -> Bool
        let admit: @Sendable ([Event], _ companions: [JournalEntry]) async throws -> Void
        let observer: EngineObserver
    }

    /// When a broadcast wants to be looked at again.
    enum Next: Equatable {
        case again
        case at(Instant)
        /// When something has changed.
        case bell
    }

    /// What is known of a broadcast beside the ledger.
    struct Conductor {
        var hasRecovered = false
        /// The last row of those that an earlier process left claimed, and that is looked for by now.
        var recovered: Int64 = 0
        /// The attempt at the audience that a script has been asked for.
        var asked: Int64?
        var told: BroadcastState?
        var toldReason: String?
        var toldAt = Instant(milliseconds: 0)
    }

    let ports: Ports
    let desk: MessageDesk
    let bell = Bell()
    let pages = ClientPages()
    let files = FilePages()
    private let underWay = Mutex<[BroadcastID: Int]>([:])
    /// Who took recipients on last.
    private let lastTurn = Mutex<BroadcastID?>(nil)
    /// How fast those go that need work.
    private let paces = Mutex<[BroadcastID: BroadcastPace]>([:])
    /// Whether the ledger may hold changes that have not been told; an earlier process may have left some.
    private let hasNews = Atomic<Bool>(true)

    private static let figuresEvery = Duration.seconds(10)

    init(_ ports: Ports, loader: any ScriptLoader) {
        self.ports = ports
        desk = MessageDesk(journal: ports.journal, loader: loader)
    }

    /// Runs until cancelled; then nobody is claimed any more, and what is under way ends by itself.
    func run() async {
        var conductors: [BroadcastID: Conductor] = [:]
        while !Task.isCancelled {
            switch await round(&conductors) {
            case .again: await Task.yield()
            case .at(let instant): await bell.wait(atMost: max(instant - now, .milliseconds(1)), ports.timing)
            case .bell: await bell.wait(atMost: nil, ports.timing)
            }
        }
    }

    /// Tells that the ledger has changed.
    func wake() {
        keepNews()
        bell.ring()
    }

    func takeNews() -> Bool { hasNews.exchange(false, ordering: .acquiring) }

    func keepNews() { hasNews.store(true, ordering: .releasing) }

    func pace(of id: BroadcastID) -> BroadcastPace { paces.withLock { $0[id] } ?? BroadcastPace() }

    /// Messages that are on their way.
    var messagesUnderWay: Int { underWay.withLock { $0.values.reduce(0, +) } }

    var now: Instant { ports.timing.clock.now }

    /// How many more may be under way. On a slow channel a second's worth is enough: whoever waits in its queue when the
    /// host is killed is in doubt.
    func room(of record: BroadcastRecord) -> Int {
        var limit = ports.settings.inFlight
        if let rate = ports.rates[record.plan.channel], rate > 0 { limit = min(limit, Int(max(rate.rounded(.up), 1))) }
        return limit - underWay.withLock { $0[record.id] ?? 0 }
    }

    func beganMessage(of id: BroadcastID) { underWay.withLock { $0[id, default: 0] += 1 } }

    func endedMessage(of id: BroadcastID) {
        underWay.withLock { $0[id] = $0[id].flatMap { $0 > 1 ? $0 - 1 : nil } }
        bell.ring()
    }

    func tookTurn(_ id: BroadcastID) { lastTurn.withLock { $0 = id } }

    /// Begins behind the one that took recipients on last: a pace that several share is never used up by the first.
    private func inTurn(_ records: [BroadcastRecord]) -> [BroadcastRecord] {
        guard let last = lastTurn.withLock({ $0 }),
            let next = records.firstIndex(where: { $0.id.rawValue > last.rawValue })
        else { return records }
        return Array(records[next...] + records[..<next])
    }

    /// Changes the ledger. Returns the answer once it is committed.
    ///
    /// - Parameter instant: When it happens; now without it.
    /// - Throws: the `EffectFailure` of a refusal, or a `JournalError`.
    @discardableResult
    func change(_ operation: LedgerOperation, at instant: Instant? = nil) async throws -> JSON {
        let entry = JournalEntry.broadcast(LedgerEntry(operation, at: instant ?? now))
        let result: JournalEntryResult? = try await withCheckedThrowingContinuation { continuation in
            ports.journal.append(
                JournalBatch(entries: [entry], mayFail: true) { result in
                    continuation.resume(with: result.map(\.first).mapError { $0 as any Error })
                })
        }
        if operation.maySteer { keepNews() }
        switch result {
        case .stored(let value)?: return try JSON(parsing: value.bytes)
        case .refused(let failure)?: throw failure
        default: return .null
        }
    }

    private func round(_ conductors: inout [BroadcastID: Conductor]) async -> Next {
        let isTold = await tellChanges()
        let records: [BroadcastRecord]
        do throws(JournalError) {
            records = try await ports.ledger.unfinishedBroadcasts()
        } catch {
            ports.observer.notify(.journalUnreadable(error))
            return .at(now + .seconds(1))
        }
        var next = isTold ? Next.bell : .at(now + .seconds(1))
        for record in inTurn(records) {
            var conductor = conductors[record.id] ?? Conductor()
            paces.withLock { $0[record.id, default: BroadcastPace()].note(record, at: now) }
            tell(record, &conductor)
            let wish: Next
            do {
                wish = try await step(record, &conductor)
            } catch {
                ports.observer.notify(.broadcastFailed(record, error))
                wish = .at(now + .seconds(1))
            }
            conductors[record.id] = conductor
            next = Self.earlier(next, wish)
        }
        await forget(&conductors, except: records)
        return next
    }

    private static func earlier(_ one: Next, _ other: Next) -> Next {
        switch (one, other) {
        case (.again, _), (_, .again): .again
        case (.at(let first), .at(let second)): .at(min(first, second))
        case (.bell, let rest), (let rest, .bell): rest
        }
    }

    private func tell(_ record: BroadcastRecord, _ conductor: inout Conductor) {
        let isNew = record.state != conductor.told || record.reason != conductor.toldReason
        guard isNew || record.state == .running && now - conductor.toldAt > Self.figuresEvery else { return }
        (conductor.told, conductor.toldReason, conductor.toldAt) = (record.state, record.reason, now)
        ports.observer.notify(.broadcast(record))
    }

    /// Takes leave of those that need no work any more.
    private func forget(_ conductors: inout [BroadcastID: Conductor], except records: [BroadcastRecord]) async {
        let present = Set(records.map(\.id))
        let gone = conductors.keys.filter { !present.contains($0) }
        guard !gone.isEmpty else { return }
        for id in gone {
            guard var conductor = conductors.removeValue(forKey: id) else { continue }
            pages.forget(id)
            files.forget(id)
            paces.withLock { $0[id] = nil }
            if let record = try? await ports.ledger.broadcast(.id(id)) { tell(record, &conductor) }
        }
        await desk.keep(versions: Set(records.map(\.plan.version)))
    }
}
