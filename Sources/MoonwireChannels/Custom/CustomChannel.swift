public import CustomChannelAPI
import EventJSON
public import Logging
public import Moonwire

/// A custom channel of respond.io or one of its white labels, such as BonyChat.
///
/// The host plays the messaging provider: the platform calls it with what is to be delivered, and it tells the platform
/// what customers write. The scripts are the provider's side, or stand between it and the platform. It knows the
/// protocol's two calls and nothing of scripts or journals; what it must remember it hands to its context. To be run
/// once.
public final class CustomChannel: Channel {
    public let descriptor: ChannelDescriptor
    let credentials: CustomChannelCredentials
    let settings: CustomChannelSettings
    let translator: CustomTranslator
    let calls: CustomCalls
    let poster: CustomPoster
    let receipts: CustomReceipts
    let state = CustomChannelState()
    let timing: DeliveryTiming
    let logger: Logger
    private let transport: any CustomChannelTransport
    private let watches: AsyncStream<Watch>
    private let watch: AsyncStream<Watch>.Continuation

    private struct Watch: Sendable {
        let call: CustomPendingCall
        let ends: AsyncStream<EventEnd>
    }

    static let failure = "The bot could not handle the message."
    static let untaken = "No script of the bot takes this message now."

    /// What a custom channel can do, without making one.
    public static func descriptor(id: ChannelID, platform: Platform, answersPerMinute: Int = 5) -> ChannelDescriptor {
        ChannelDescriptor(
            id: id, platform: platform, role: .client, capabilities: capabilities, bestEffort: ["typing", "mark_read"],
            answersPerMinute: answersPerMinute)
    }

    static let capabilities: Set<String> = [
        "reply", "quick_replies", "attach", "location", "receive", "echo", "receipt", "fail", "bind", "ask", "wait_for",
    ]

    /// - Parameter transport: Carries the posts of this channel.
    public init(
        id: ChannelID, platform: Platform, credentials: CustomChannelCredentials, settings: CustomChannelSettings,
        transport: any CustomChannelTransport, timing: DeliveryTiming = .system, logger: Logger
    ) {
        var logger = logger
        logger[metadataKey: "channel"] = "\(id)"
        let descriptor = Self.descriptor(
            id: id, platform: platform, answersPerMinute: settings.answersPerMinute)
        self.descriptor = descriptor
        self.credentials = credentials
        self.settings = settings
        self.transport = transport
        self.timing = timing
        self.logger = logger
        let translator = CustomTranslator(
            descriptor: descriptor, idType: credentials.idType, quickReplies: settings.quickReplies)
        self.translator = translator
        let calls = CustomCalls(most: settings.mostCalls)
        self.calls = calls
        let (state, alarmLogger) = (state, logger)
        let poster = CustomPoster(
            CustomChannelWebhook(credentials, transport: transport), rate: settings.rate, timing: timing
        ) { change in
            let now = timing.clock.now
            var event: Event
            switch change {
            case .paused(let error):
                alarmLogger.error(
                    """
                    The outbox is paused: put right the channel's token or webhook_url, here or on the platform. One \
                    post is tried every few minutes, and nothing is lost
                    """,
                    metadata: ["error": "\(error)"])
                event = translator.event(
                    "channel.disconnected", key: "channel.disconnected:\(now.rawValue)", id: "\(id)", at: now)
                event.raw = RawJSON(validated: JSON.object(["reason": .string(error.message)]).bytes)
            case .resumed:
                alarmLogger.notice("The outbox goes on")
                event = translator.connected(at: now)
            }
            _ = try? await state.context?.admit([event], [])
        }
        self.poster = poster
        receipts = CustomReceipts(
            poster: poster, calls: calls, timing: timing, delay: settings.receiptDelay, logger: logger
        ) { mID, contact, error in
            guard let context = state.context else { return }
            let now = timing.clock.now
            context.bury(
                DeadLetter(
                    run: nil, event: nil, session: SessionID(channel: id, id: contact), script: "",
                    error: "a receipt for \(mID) could not be delivered: \(error.report)", at: now))
            _ = try? await context.admit([translator.failed(mID, contact, error, at: now)], [])
        }
        (watches, watch) = AsyncStream.makeStream()
    }

    public var routes: [any InboundRoute] {
        [CustomRoute(channel: self, path: CustomRoute.path(slug: settings.slug))]
    }

    /// Where the platform is told to call: its settings want what comes before `/message`.
    public static func basePath(slug: String) -> String { CustomRoute.path(slug: slug) }

    var tokens: [CustomChannelToken] { settings.tokens }

    public func run(_ context: ChannelContext) async throws {
        _ = try await context.admit([translator.connected(at: context.clock.now)], [])
        state.open(context)
        defer { state.close() }
        let memory = CustomMemory(descriptor.id, context.keep)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.receipts.run(memory) }
            group.addTask { await self.watchCalls(memory) }
            defer { group.cancelAll() }
            // Each goes on until the channel is cancelled.
            while try await group.next() != nil {}
        }
    }

    public func perform(_ delivery: EffectDelivery) async throws(ChannelError) -> EffectReceipt {
        do {
            return try await performing(delivery)
        } catch {
            throw ChannelError(custom: error)
        }
    }

    /// Whatever became of the first attempt, a second one carries the same mId.
    public func reconcile(_ delivery: EffectDelivery, recorded: Set<String>) async -> Reconciliation {
        .undecided("the platform cannot be asked, and need not be: a repeat carries the same mId")
    }

    /// Ends a pause, with other credentials where they are what was wrong.
    public func resume(with credentials: CustomChannelCredentials? = nil) async {
        await poster.resume(with: credentials ?? self.credentials, transport: transport)
    }

    /// Journals a call and sees to its outcome.
    func take(_ call: CustomChannelCall, _ pending: CustomPendingCall, _ context: ChannelContext) async {
        let now = context.clock.now
        let memory = CustomMemory(descriptor.id, context.keep)
        let ends = context.ends(CustomTranslator.key(of: pending.mID))
        var events = [translator.created(call, pending.mID, at: now)]
        if !state.knows(call.contactID) { events.insert(translator.started(call.contactID, at: now), at: 0) }
        do {
            var rows: [(key: CustomMemory.Key, value: JSON?)] = [
                (.message(pending.mID.rawValue), CustomReceipts.row(contact: call.contactID))
            ]
            if settings.quickReplies == .numbered {
                // A number answers the question that was asked last, and no question once something else was said.
                var choices: JSON?
                if case .quickReply(let question) = call.message {
                    choices = .array(question.replies.map { .string($0) })
                }
                rows.append((.choices(of: call.contactID), choices))
            }
            try await memory.write(rows)
            _ = try await context.admit(events, [])
        } catch {
            logger.error("A call could not be journaled", metadata: ["error": "\(error)"])
            calls.abandon(pending)
            pending.settle(.unavailable)
            return
        }
        state.remember(call.contactID)
        watch.yield(Watch(call: pending, ends: ends))
        switch settings.mode {
        case .accept: pending.settle(.accepted)
        case .sync: await settle(pending)
        }
    }

    /// Waits for the scripts, but not longer than the platform may.
    private func settle(_ pending: CustomPendingCall) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { _ = await pending.outcome() }
            group.addTask { [settings, timing] in
                // A caller that goes away ends the wait too; what was journaled is accepted.
                try? await timing.sleep(settings.syncLimit)
                pending.settle(.accepted)
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func watchCalls(_ memory: CustomMemory) async {
        await withDiscardingTaskGroup { group in
            for await watch in watches {
                group.addTask {
                    for await end in watch.ends { await self.handled(watch.call, end, memory) }
                }
            }
            group.cancelAll()
        }
    }

    /// The scripts have done with a call. A script that failed did not deliver it, nor did one that does not take it.
    private func handled(_ call: CustomPendingCall, _ end: EventEnd, _ memory: CustomMemory) async {
        guard end == .failed || end == .unmatched else {
            call.settle(.accepted)
            return
        }
        do {
            let reason = end == .failed ? Self.failure : Self.untaken
            try await fail(call.mID.rawValue, reason, memory, call)
        } catch {
            logger.error(
                "A failed message could not be reported",
                metadata: ["message.id": "\(call.mID)", "error": "\(error)"])
        }
    }

    /// Says that a message was not delivered: in the answer while there is none yet, else by a receipt.
    func fail(_ mID: String, _ reason: String, _ memory: CustomMemory, _ call: CustomPendingCall?) async throws {
        // In accept mode the answer is on its way, whether it has been settled or not.
        if settings.mode == .sync, let call, call.settle(.refused(reason)) {
            try await receipts.close(mID, contact: call.content.contact, memory)
            return
        }
        _ = try await receipts.add(.failed(reason: reason), to: mID, memory)
    }
}
