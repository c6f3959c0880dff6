/// Connects a lane's ports to the journal, the effect queues and the host's HTTP client.
struct LaneWiring: Sendable {
    let journal: any Journal
    let loader: any ScriptLoader
    let queues: [ChannelID: EffectQueue]
    let outbound: (any OutboundHTTP)?
    let settings: EngineSettings
    let timing: DeliveryTiming
    let observer: EngineObserver
    let descriptors: [ChannelID: ChannelDescriptor]
    let offerEphemeral: AsyncStream<Event>.Continuation
    let offerFetch: AsyncStream<@Sendable () async -> Void>.Continuation
    let offerReading: AsyncStream<@Sendable () async -> Void>.Continuation
    let requestCatchUp: AsyncStream<Int>.Continuation
    let tickEnded: @Sendable (TickID) -> Void
    let ends: EventEnds
    let wakeBroadcasts: @Sendable () -> Void
    let metrics: EngineMetrics

    func makeLane(_ index: Int, runIDs: RunIDs) -> (LaneThread, LaneFeed) {
        let relay = FeedRelay()
        let thread = LaneThread { post in
            Lane(ports: self.ports(index: index, relay: relay, post: post), runIDs: runIDs)
        }
        let feed = LaneFeed(window: settings.window) { thread.post(.event($0)) }
        relay.connect(feed)
        return (thread, feed)
    }

    private func ports(
        index: Int, relay: FeedRelay, post: @escaping @Sendable (LaneMessage) -> Void
    ) -> LanePorts {
        LanePorts(
            journal: journal, clock: timing.clock, loader: loader,
            deliver: { self.deliver($0, post: post) },
            fetch: { fetch in self.offerFetch.yield { await self.fetch(fetch, post: post) } },
            revive: { sessions, loaded in
                self.offerReading.yield { await self.revive(sessions, loaded: loaded, post: post) }
            },
            readDeadlines: { page in
                self.offerReading.yield { await self.readDeadlines(page, lane: index, post: post) }
            },
            post: post,
            finished: { count in
                if relay.feed?.finish(count) == true { self.requestCatchUp.yield(index) }
            },
            admitEphemeral: { self.offerEphemeral.yield($0) }, wakeBroadcasts: wakeBroadcasts, observer: observer,
            settings: settings, channels: descriptors, tickEnded: tickEnded,
            eventEnded: { [ends] event, end in ends.tell(event, end) }, metrics: metrics)
    }

    private func deliver(_ lane: LaneDelivery, post: @escaping @Sendable (LaneMessage) -> Void) {
        let clock = timing.clock
        let complete: @Sendable (Result<EffectReceipt, EffectFailure>) -> Void = { result in
            let completion: StepCompletion
            switch result {
            case .success(let receipt):
                completion = StepCompletion(
                    run: lane.run, step: lane.step,
                    outcome: StepOutcome(result: .value(receipt.value), at: clock.now, session: receipt.session),
                    nativeID: receipt.nativeID)
            case .failure(let failure):
                completion = StepCompletion(
                    run: lane.run, step: lane.step, outcome: StepOutcome(result: .failure(failure), at: clock.now))
            }
            post(.outcome(completion))
        }
        guard let queue = queues[lane.delivery.session.channel] else {
            complete(
                .failure(
                    EffectFailure(
                        code: "not_found",
                        message: "no channel \(lane.delivery.session.channel) is configured any more")))
            return
        }
        queue.enqueue(EffectQueue.Item(delivery: lane.delivery, isInDoubt: lane.isInDoubt, completion: complete))
    }

    private func fetch(_ fetch: LaneFetch, post: @Sendable (LaneMessage) -> Void) async {
        let result: StepOutcome.Result
        let began = timing.clock.now
        if let outbound {
            result = await OutboundDelivery(client: outbound, timing: timing).settle(fetch)
        } else {
            result = .failure(EffectFailure(code: "unsupported", message: "this host has no HTTP client for scripts"))
        }
        guard !Task.isCancelled else { return }
        let failure: EffectFailure? = if case .failure(let failure) = result { failure } else { nil }
        metrics.http.ended(failure, after: fetch.isInDoubt ? nil : timing.clock.now - began)
        post(
            .outcome(
                StepCompletion(
                    run: fetch.run, step: fetch.step, outcome: StepOutcome(result: result, at: timing.clock.now))))
    }
}
