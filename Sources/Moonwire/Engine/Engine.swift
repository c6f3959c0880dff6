public import CoreMetrics
public import Logging
import ServiceLifecycle
import Synchronization

/// The host without its edges: channels in, scripts in the middle, a journal beneath.
///
/// The engine knows channels, lanes and the journal by their protocols. It admits what channels bring, gives each
/// session to its lane, and carries effects back to the channels. `run` starts everything and ends it in order: stop
/// reading, let runs between two steps finish, close the journal.
public final class Engine: Sendable {
    private let channels: [ChannelBinding]
    let journal: any Journal
    let settings: EngineSettings
    let timing: DeliveryTiming
    private let observer: EngineObserver
    private let outbound: (any OutboundHTTP)?
    private let logger: Logger
    let metrics: EngineMetrics
    let loader: any ScriptLoader
    private let lanes: [LaneThread]
    private let queues: [ChannelID: EffectQueue]
    let feeds: [LaneFeed]
    private let ephemerals: AsyncStream<Event>
    private let offerEphemeral: AsyncStream<Event>.Continuation
    private let fetches: AsyncStream<@Sendable () async -> Void>
    private let offerFetch: AsyncStream<@Sendable () async -> Void>.Continuation
    private let readings: AsyncStream<@Sendable () async -> Void>
    private let offerReading: AsyncStream<@Sendable () async -> Void>.Continuation
    let ends = EventEnds()
    private let catchUps: AsyncStream<Int>
    private let requestCatchUp: AsyncStream<Int>.Continuation
    /// Runs the jobs that scripts declare; `nil` for an engine without a store for them.
    public let scheduler: Scheduler?
    /// Scripts of the host's own, behind all others.
    let builtIn: [ScriptSources]
    /// Carries broadcasts; absent when the journal keeps no ledger of them.
    let broadcasts: BroadcastRunner?
    /// The versions that new runs begin on.
    let installed = Mutex<[ScriptSources]>([])
    /// How the channels' streams do.
    let streams: Mutex<[ChannelID: HostHealth.Stream]>
    /// Events whose runs were rebuilt at the start; the feed must not bring them a second time.
    let recoveredTriggers = Mutex<Set<EventID>>([])

    /// A channel with its pace.
    public struct ChannelBinding: Sendable {
        public let channel: any Channel
        public let policy: DeliveryPolicy

        public init(_ channel: any Channel, policy: DeliveryPolicy = DeliveryPolicy()) {
            self.channel = channel
            self.policy = policy
        }
    }

    public init(
        channels: [ChannelBinding], journal: any Journal, loader: any ScriptLoader,
        builtIn: [ScriptSources] = [], jobs: (any JobStore)? = nil, outbound: (any OutboundHTTP)? = nil,
        settings: EngineSettings = EngineSettings(),
        timing: DeliveryTiming = .system, observer: EngineObserver = .silent,
        metrics factory: any MetricsFactory = NOOPMetricsHandler.instance, logger: Logger
    ) {
        self.channels = channels
        streams = Mutex(
            Dictionary(
                channels.map { ($0.channel.descriptor.id, .connecting) }, uniquingKeysWith: { first, _ in first }))
        self.journal = journal
        self.builtIn = builtIn
        self.settings = settings
        self.timing = timing
        self.observer = observer
        self.outbound = outbound
        self.logger = logger
        let metrics = EngineMetrics(factory, channels: channels.map(\.channel.descriptor.id))
        self.metrics = metrics
        self.loader = loader
        let scheduler = jobs.map { Scheduler(store: $0, timing: timing) }
        self.scheduler = scheduler
        (ephemerals, offerEphemeral) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .bufferingNewest(1000))
        (fetches, offerFetch) = AsyncStream.makeStream()
        (readings, offerReading) = AsyncStream.makeStream()
        (catchUps, requestCatchUp) = AsyncStream.makeStream()

        var queues: [ChannelID: EffectQueue] = [:]
        for binding in channels {
            queues[binding.channel.descriptor.id] = EffectQueue(
                channel: binding.channel, policy: binding.policy, timing: timing,
                recorded: { session, since in try? await journal.recordedNativeIDs(of: session, since: since) },
                metrics: metrics.channels[binding.channel.descriptor.id])
        }
        self.queues = queues

        let descriptors = Dictionary(
            channels.map { ($0.channel.descriptor.id, $0.channel.descriptor) }, uniquingKeysWith: { first, _ in first })
        let admission = Admission()
        let runner = (journal as? any BroadcastLedger).map { ledger in
            BroadcastRunner(
                BroadcastRunner.Ports(
                    journal: journal, ledger: ledger, timing: timing, settings: settings.broadcasts,
                    channels: descriptors,
                    rates: Dictionary(
                        channels.map { ($0.channel.descriptor.id, $0.policy.rate) },
                        uniquingKeysWith: { first, _ in first }),
                    deliver: { [queues] item in
                        guard let queue = queues[item.delivery.session.channel] else { return false }
                        queue.enqueue(item)
                        return true
                    },
                    admit: { events, companions in
                        guard let engine = admission.engine else { throw CancellationError() }
                        _ = try await engine.admit(events, cursors: [], with: companions)
                    }, observer: observer),
                loader: loader)
        }
        broadcasts = runner
        let wiring = LaneWiring(
            journal: journal, loader: loader, queues: queues, outbound: outbound, settings: settings, timing: timing,
            observer: observer,
            descriptors: descriptors,
            offerEphemeral: offerEphemeral, offerFetch: offerFetch, offerReading: offerReading,
            requestCatchUp: requestCatchUp, tickEnded: { scheduler?.ended($0) }, ends: ends,
            wakeBroadcasts: { runner?.wake() }, metrics: metrics)
        let runIDs = RunIDs()
        var lanes: [LaneThread] = []
        var feeds: [LaneFeed] = []
        for index in 0..<settings.lanes {
            let (lane, feed) = wiring.makeLane(index, runIDs: runIDs)
            lanes.append(lane)
            feeds.append(feed)
        }
        self.lanes = lanes
        self.feeds = feeds
        admission.connect(self)
    }

    /// What the parts of an engine that are made before it reach it by.
    private final class Admission: Sendable {
        private struct Link: Sendable {
            weak let engine: Engine?
        }

        private let link = Mutex<Link?>(nil)

        func connect(_ engine: Engine) { link.withLock { $0 = Link(engine: engine) } }
        var engine: Engine? { link.withLock { $0?.engine } }
    }

    /// Runs until cancelled, shut down gracefully, or until no channel can go on.
    ///
    /// - Parameter installed: Called once the scripts are in place: from then on `install` may replace them.
    /// - Throws: The `ScriptFailure` of a script that does not load; what the last channel died of, when all of them
    ///   have; a `JournalError` when the journal cannot be read at the start.
    public func run(
        installing scripts: [ScriptSources], installed: @Sendable () -> Void = {}
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes { group.addTask { await lane.run() } }
            // Delivery outlives the channels' streams, so that a shutdown can let runs finish.
            group.addTask { await self.runDelivery() }
            do {
                if let failure = await self.install(scripts).values.first { throw failure }
                installed()
                try await self.recover()
                try await withThrowingTaskGroup(of: Void.self) { work in
                    work.addTask { await cancelWhenGracefulShutdown { await self.broadcasts?.run() } }
                    defer { work.cancelAll() }
                    try await self.runSourcesUntilShutdown()
                }
                await self.drain()
            } catch {
                await self.drain()
                await self.end(&group)
                throw error
            }
            await self.end(&group)
        }
    }

    private func end(_ group: inout ThrowingTaskGroup<Void, any Error>) async {
        for lane in lanes { lane.post(.stop) }
        group.cancelAll()
        while (try? await group.next()) != nil {}
        await journal.close()
    }

    /// What the lanes have in hand, added up.
    public func status() async -> LaneStatus {
        var total = LaneStatus()
        for lane in lanes {
            let status = await withCheckedContinuation { continuation in
                lane.post(.inspect { continuation.resume(returning: $0) })
            }
            total.add(status)
        }
        return total
    }

    private func runDelivery() async {
        await withDiscardingTaskGroup { group in
            for queue in queues.values { group.addTask { await queue.run() } }
            group.addTask {
                await withDiscardingTaskGroup { requests in
                    for await fetch in self.fetches { requests.addTask { await fetch() } }
                    requests.cancelAll()
                }
            }
            group.addTask {
                for await event in self.ephemerals {
                    var admitted = event
                    admitted.key = "ephemeral:\(event.name):\(event.id):\(event.at.rawValue)"
                    _ = try? await self.admit([admitted], cursors: [])
                }
            }
            group.addTask {
                for await read in self.readings { await read() }
            }
            group.addTask {
                for await lane in self.catchUps { await self.catchUp(lane) }
            }
        }
    }

    /// Runs what brings events until it ends, or until a shutdown has given the channels the time that they ask for.
    private func runSourcesUntilShutdown() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.runSources() }
            group.addTask {
                // Cancelled when all has ended by itself.
                guard (try? await gracefulShutdown()) != nil else { return }
                await withDiscardingTaskGroup { channels in
                    for binding in self.channels { channels.addTask { await binding.channel.drain() } }
                }
            }
            try await group.next()
            group.cancelAll()
            while try await group.next() != nil {}
        }
    }

    /// Runs what brings events: jobs and channels.
    private func runSources() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let scheduler {
                // The lanes answer in order, so that what they found out about runs of jobs is on its way to the journal.
                _ = await status()
                await journal.settle()
                group.addTask { try await scheduler.run { batch in self.commit(batch) } }
            }
            defer { group.cancelAll() }
            group.addTask { try await self.runChannels() }
            // Either goes on for as long as the host does: one that cannot is the end, and says why.
            try await group.next()
        }
    }

    /// Runs the channels. One that cannot go on leaves the others running; when none is left, that is the end.
    private func runChannels() async throws {
        try await withThrowingTaskGroup(of: (any Error)?.self) { group in
            for binding in channels {
                group.addTask {
                    do {
                        try await binding.channel.run(self.context(of: binding.channel.descriptor.id))
                        return nil
                    } catch is CancellationError {
                        return nil
                    } catch {
                        self.set(.ended, binding.channel.descriptor.id)
                        self.observer.notify(.channelFailed(binding.channel.descriptor.id, error))
                        return error
                    }
                }
            }
            var last: (any Error)?
            while let ended = try await group.next() { last = ended ?? last }
            if let last, !Task.isCancelled { throw last }
            // A host without channels is there for its schedules and for who calls it.
            if channels.isEmpty { try? await Task.sleep(for: .seconds(Int64.max / 2_000_000_000)) }
        }
    }

    private func context(of channel: ChannelID) -> ChannelContext {
        ChannelContext(
            admit: { events, cursors in
                self.note(events, of: channel)
                return try await self.admit(events, cursors: cursors, channel: channel)
            },
            announce: { events in
                for event in events { self.lane(of: event.sessionID).post(.ephemeral(event, EventBody(event))) }
            },
            cursors: { try await self.journal.cursors(of: channel) }, clock: timing.clock,
            ends: { key in self.ends.expect(channel, key) },
            keep: { operations in try await self.keep(operations) },
            bury: { letter in self.bury(letter) })
    }

    func lane(of session: SessionID) -> LaneThread {
        lanes[Partition(of: session).lane(of: lanes.count)]
    }

    func feed(of session: SessionID) -> LaneFeed {
        feeds[Partition(of: session).lane(of: feeds.count)]
    }

    func laneCount() -> Int { lanes.count }

    func post(_ message: LaneMessage, to lane: Int) {
        lanes[lane].post(message)
    }

    /// Waits until no run is between two steps, or until the time for it is over; what is left is replayed at the
    /// next start.
    private func drain() async {
        for lane in lanes { lane.post(.drain) }
        let deadline = timing.clock.now + settings.drain
        var executing = await unfinishedWork()
        while executing > 0, timing.clock.now < deadline, !Task.isCancelled {
            try? await timing.sleep(.milliseconds(20))
            executing = await unfinishedWork()
        }
        guard executing > 0 else { return }
        logger.warning("Shut down with runs between two steps; the next start continues them")
    }

    private func unfinishedWork() async -> Int {
        await status().executing + (broadcasts?.messagesUnderWay ?? 0)
    }
}
