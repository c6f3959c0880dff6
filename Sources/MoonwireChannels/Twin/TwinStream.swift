import Logging
import Moonwire
import TwinAPI

/// Works on what the stream brings, one thing after another: translates, admits with the cursors, and looks through
/// everything after a gap.
actor TwinStream {
    /// How long after a review the next may follow.
    private static let reviewInterval: Duration = .seconds(10)
    /// How often it is looked whether a review is due.
    private static let tick: Duration = .seconds(5)
    private static let reactivationInterval: Duration = .seconds(600)

    private let channel: TwinChannel
    private let context: ChannelContext
    private let status: TwinStatusReport
    private var cursor: TwinCursor
    private var isFirstStart = false
    private var isConnected = false
    private var wasConnected = false
    /// When everything was last looked through to the end, and when that was last begun.
    private var lastReview: Instant
    private var lastAttempt: Instant
    private var nextPoll: Instant
    private var hasReviewed = false
    private var wantsReview = false
    private var lastReactivation: Instant?
    /// When the platform made the operator offline, while it is held open whether it comes back.
    private var loggedOutAt: Instant?
    /// Since when nothing is heard.
    private var blindSince: Instant

    init(channel: TwinChannel, context: ChannelContext) {
        self.channel = channel
        self.context = context
        status = TwinStatusReport(channel: channel)
        let now = context.clock.now
        cursor = TwinCursor(startingAt: now)
        lastReview = now
        lastAttempt = now
        nextPoll = now + channel.settings.poll
        blindSince = now
    }

    private var seat: TwinSeat { channel.seat }

    /// Sign in, know oneself and the platform's clock, and only then connect.
    func run() async throws {
        try await restoreCursor()
        let user = try await channel.patiently { [seat] in try await seat.identity() }
        let offset: Duration
        do {
            offset = try await seat.api.serverClockOffset()
        } catch {
            channel.logger.warning("The platform's clock is taken for this host's", metadata: ["error": "\(error)"])
            offset = .zero
        }
        seat.state.take(user.id, clockOffset: offset)
        channel.logger.info(
            "The seat is known", metadata: ["operator": "\(user.id)", "clock.offset": "\(offset)"])
        // However long the sign-in took: a stream that has only begun to connect is not away.
        blindSince = context.clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [channel, context] in
                try await TwinStreamReader(channel: channel, clock: context.clock).run()
                // What it read last is still to be worked on.
                try await Task.sleep(for: .seconds(Int64.max / 2_000_000_000))
            }
            group.addTask { [channel] in
                let settings = channel.settings
                let tick = min(settings.poll, Self.tick, settings.maxBlind, max(settings.logoutHold, .milliseconds(50)))
                while !Task.isCancelled {
                    try await Task.sleep(for: tick)
                    channel.queue.push(.tick)
                }
            }
            group.addTask { [status] in try await status.run() }
            group.addTask { try await self.work() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Continues where an earlier process stopped reading. Without a cursor the channel begins at now.
    private func restoreCursor() async throws {
        let cursors = try await context.cursors()
        if let saved = cursors[TwinCursor.key].flatMap(TwinCursor.init) {
            cursor = saved
            cursor.gapSince = saved.gapSince ?? saved.heardAt
            lastReview = saved.heardAt
            isFirstStart = saved.isUnread
            seat.sessions.remember(TwinCursor.ownSessions(in: cursors))
        } else {
            isFirstStart = true
            cursor.isUnread = channel.settings.startsWithUnread
            _ = try await context.admit([], [cursor.cursor])
        }
    }

    private func work() async throws {
        var items = channel.queue.makeIterator()
        while let item = await channel.queue.next(&items) {
            try Task.checkCancellation()
            switch item {
            case .events(let events, let at): try await handle(events, at)
            case .connected(let recovered): try await connected(recovered)
            case .disconnected(let reason): try await disconnected(reason)
            case .stateLost(let at):
                // A look that began after the loss has found what was lost, or is going to be repeated.
                if lastAttempt < at || !hasReviewed { try await review() }
            case .review:
                wantsReview = true
                try await reviewIfDue()
            case .tick:
                if let loggedOutAt, context.clock.now - loggedOutAt >= channel.settings.logoutHold {
                    await channel.finish(.loggedOut)
                    throw channel.ended
                }
                pauseIfBlind()
                try await reviewIfDue()
            case .reactivate: try await reactivate()
            case .loggedOut:
                channel.logger.error("The platform made the operator offline; waiting whether it comes back")
                loggedOutAt = loggedOutAt ?? context.clock.now
            case .ended:
                if seat.state.end != nil { throw channel.ended }
            }
        }
    }

    private func reviewIfDue() async throws {
        let now = context.clock.now
        let isDue = now >= nextPoll || wantsReview && now - lastAttempt >= Self.reviewInterval
        if isConnected, isDue { try await review() }
    }

    private func handle(_ events: [TwinEvent], _ at: Instant) async throws {
        var translation = TwinTranslation()
        for event in events {
            noticeReturn(event)
            let translated = await seat.translate(event, now: context.clock.now)
            translation.admitted += translated.admitted
            translation.announced += translated.announced
        }
        if !translation.admitted.isEmpty {
            cursor.heardAt = max(cursor.heardAt, at)
            try await admit(translation.admitted)
        }
        if !translation.announced.isEmpty { await context.announce(translation.announced) }
    }

    /// A session that the platform gives to the operator shows that it is online again.
    private func noticeReturn(_ event: TwinEvent) {
        guard loggedOutAt != nil, event.name == .chatSessionAdded else { return }
        channel.logger.notice("The operator is online again")
        loggedOutAt = nil
        seat.state.suspend(false)
    }

    /// The stream's end does not make the operator offline: sessions would come, and nobody would read them.
    private func pauseIfBlind() {
        guard !isConnected, !seat.state.isBlind, seat.state.end == nil, seat.state.status == .online,
            context.clock.now - blindSince >= channel.settings.maxBlind
        else { return }
        seat.state.blind(true)
        channel.logger.error("The stream stays away; the operator is paused until it is back")
        status.show()
    }

    /// A journal that refuses stops the stream here: nothing is read on, and nothing is lost, until it has room again.
    private func admit(_ events: [Event], _ filled: TwinCursor? = nil) async throws {
        let changes = seat.sessions.takeChanges()
        let own = changes.isEmpty ? [] : TwinCursor.ownSessions(seat.sessions.ownForCursors, changed: changes)
        let cursors = [(filled ?? cursor).cursor] + own
        let backOff = BackOff(first: .milliseconds(250), limit: .seconds(10))
        var attempt = 0
        while true {
            do {
                _ = try await context.admit(events, cursors)
                return
            } catch let error as JournalError where error.code == .full || error.code == .other {
                attempt += 1
                channel.logger.error("The journal refuses; the stream waits", metadata: ["error": "\(error)"])
                try await Task.sleep(for: backOff.wait(after: attempt, random: Double.random(in: 0..<1)))
            }
        }
    }

    /// The stream first, then the status: a session that comes at once is heard. What was missed is read before what
    /// the new connection brings, so that it is admitted before it.
    private func connected(_ recovered: Bool) async throws {
        guard seat.state.end == nil else { return }
        let now = context.clock.now
        channel.logger.info("Connected", metadata: ["recovered": "\(recovered)"])
        isConnected = true
        // A pause without an answer may have happened too.
        let mayBePaused = seat.state.isBlind
        seat.state.blind(false)
        if !recovered || !wasConnected || mayBePaused { status.show() }
        // What the stream is about to bring again was published while nobody heard: `heardAt` stays until it is admitted.
        if !recovered || !wasConnected {
            if wasConnected { try await tell("channel.gap", at: now) }
            try await review()
        }
        wasConnected = true
        try await tell("channel.connected", at: now)
    }

    private func disconnected(_ reason: String) async throws {
        guard isConnected else {
            channel.logger.debug("No connection", metadata: ["reason": "\(reason)"])
            return
        }
        isConnected = false
        let now = context.clock.now
        blindSince = now
        channel.logger.warning("Disconnected", metadata: ["reason": "\(reason)"])
        try await tell("channel.disconnected", at: now)
    }

    /// Looks through the sessions and reads what was missed. Where the platform cannot be read now, the gap stays open
    /// and the next look tries again.
    private func review() async throws {
        guard seat.state.end == nil else { return }
        let now = context.clock.now
        let since = min(cursor.gapSince ?? cursor.heardAt, cursor.heardAt, lastReview)
        cursor.gapSince = since
        lastAttempt = now
        hasReviewed = true
        let poll = channel.settings.poll
        nextPoll = now + poll + poll * Double.random(in: 0..<0.1)
        wantsReview = false
        do {
            let found = try await seat.backFill(since: since, isFirstStart: isFirstStart, now: now)
            // Only the batch that carries the last events may say that the gap is closed.
            var filled = cursor
            if found.failure == nil {
                filled.gapSince = nil
                filled.heardAt = max(filled.heardAt, now)
                filled.isUnread = false
            }
            try await admit(found.events, filled)
            cursor = filled
            if !found.events.isEmpty {
                channel.logger.info("Back-filled", metadata: ["events": "\(found.events.count)"])
            }
            if let failure = found.failure { throw failure }
            isFirstStart = false
        } catch let error as TwinError {
            wantsReview = true
            channel.logger.error("The gap could not be filled yet", metadata: ["error": "\(error)"])
        }
        lastReview = cursor.gapSince == nil ? now : lastReview
    }

    /// The platform made the operator offline: comes back, but does not fight for it.
    private func reactivate() async throws {
        let now = context.clock.now
        if let last = lastReactivation, now - last < Self.reactivationInterval {
            await channel.finish(.loggedOut)
            throw channel.ended
        }
        lastReactivation = now
        do {
            _ = try await channel.patiently { [seat] in try await seat.identity() }
        } catch let error as TwinError {
            await channel.finish(.loggedOut, error.message)
            throw channel.ended
        }
        status.show()
        seat.state.suspend(false)
        try await review()
    }

    private func tell(_ name: String, at now: Instant) async throws {
        try await admit([
            seat.translator.event(
                name, native: name, key: "\(name):\(now.rawValue)", id: channel.descriptor.id.rawValue, at: now)
        ])
    }
}
