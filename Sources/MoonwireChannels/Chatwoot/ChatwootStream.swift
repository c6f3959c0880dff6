import ActionCable
import ChatwootAPI
import EventJSON
import Logging
import Moonwire

/// Reads one subscription: translates its frames, admits them with the cursor, and fills gaps.
///
/// The reader and the poll share it; where they meet at an await, what both read is dropped once by its key.
actor ChatwootStream {
    private let channel: ChatwootChannel
    private let context: ChannelContext
    private let subscription: CableSubscription
    private var cursor: ChatwootCursor
    private var isFirstStart = false
    private var isFilling = false
    private var isConnected = false
    private var wasEverConfirmed = false
    private var lastPoll: Instant

    init(channel: ChatwootChannel, context: ChannelContext, subscription: CableSubscription) {
        self.channel = channel
        self.context = context
        self.subscription = subscription
        let now = context.clock.now
        cursor = ChatwootCursor(startingAt: now)
        lastPoll = now
    }

    /// Continues where an earlier process stopped reading. Without a cursor the channel begins at now.
    func restoreCursor() async throws {
        if let saved = try await context.cursors()[ChatwootCursor.key].flatMap(ChatwootCursor.init) {
            cursor = saved
            cursor.gapSince = saved.gapSince ?? saved.heardAt
            lastPoll = saved.heardAt
            isFirstStart = saved.isUnread
        } else {
            isFirstStart = true
            cursor.isUnread = channel.settings.startsWithUnread
            _ = try await context.admit([], [cursor.cursor])
        }
    }

    /// Reads until the stream is stopped for good.
    func read() async throws {
        let parser = JSONParser()
        for await batch in subscription.events {
            var translation = Translation()
            for event in batch {
                switch event {
                case .frame(let frame): translate(frame, parser, into: &translation)
                default:
                    // What was read before a change of the connection is admitted before it is acted on.
                    try await admit(translation)
                    translation = Translation()
                    try await handle(event)
                }
            }
            try await admit(translation)
        }
    }

    private func translate(_ frame: [UInt8], _ parser: JSONParser, into translation: inout Translation) {
        do {
            guard let event = try ChatwootEvent(frame: frame, parser: parser) else { return }
            let translated = channel.seat.translate(event, now: context.clock.now)
            translation.admitted += translated.admitted
            translation.announced += translated.announced
        } catch {
            channel.logger.error(
                "A frame of the stream cannot be read and is left out",
                metadata: ["bytes": "\(frame.count)", "error": "\(error)"])
        }
    }

    private func admit(_ translation: Translation) async throws {
        if !translation.admitted.isEmpty {
            cursor.heardAt = context.clock.now
            try await admitPatiently(translation.admitted)
        }
        if !translation.announced.isEmpty { await context.announce(translation.announced) }
    }

    /// A journal that refuses stops the stream here: nothing is read on, and nothing is lost, until it has room again.
    private func admitPatiently(_ events: [Event], _ filled: ChatwootCursor? = nil) async throws {
        let backOff = BackOff(first: .milliseconds(250), limit: .seconds(10))
        var attempt = 0
        while true {
            do {
                _ = try await context.admit(events, [(filled ?? cursor).cursor])
                return
            } catch let error as JournalError where error.code == .full || error.code == .other {
                attempt += 1
                channel.logger.error("The journal refuses; the stream waits", metadata: ["error": "\(error)"])
                try await Task.sleep(for: backOff.wait(after: attempt, random: Double.random(in: 0..<1)))
            }
        }
    }

    private func handle(_ event: CableEvent) async throws {
        switch event {
        case .frame: break
        case .confirmed: try await confirmed()
        case .tokenSuspect(let round):
            channel.logger.warning(
                "The platform does not confirm the subscription; reading the token again",
                metadata: ["round": "\(round)"])
            let channel = channel
            let identifier = try await channel.patiently { try await channel.seat.open() }
            try subscription.replaceToken(identifier: identifier.exposed)
        case .authFailed, .rejected:
            guard wasEverConfirmed else {
                throw ChatwootStreamRefused(channel: channel.descriptor.id)
            }
            channel.logger.error("The platform refuses the subscription; waiting for the next connection")
        case .degraded: channel.logger.notice("The stream is silent")
        case .recovered: channel.logger.notice("The stream is heard again")
        case .disconnected(let reason): try await disconnected(reason)
        case .stopped(let reason):
            channel.logger.error("The platform ended the stream", metadata: ["reason": "\(reason)"])
            try await disconnected(reason)
        }
    }

    /// Subscribe first, then read: what the stream brings meanwhile waits in the subscription, and what comes twice
    /// is dropped by its key.
    private func confirmed() async throws {
        let now = context.clock.now
        subscription.perform(ChatwootIdentifier.updatePresence)
        channel.logger.info("Connected")
        isConnected = true
        wasEverConfirmed = true
        if isFirstStart, !channel.settings.startsWithUnread {
            isFirstStart = false
        } else {
            openGap()
            while isFilling { try await Task.sleep(for: .milliseconds(50)) }
            try await fillGap()
        }
        try await tell("channel.connected", at: now)
    }

    private func disconnected(_ reason: String) async throws {
        if isConnected {
            channel.logger.warning("Disconnected; reconnecting", metadata: ["reason": "\(reason)"])
            try await tell("channel.disconnected", at: context.clock.now)
        } else {
            channel.logger.warning("No connection; trying again", metadata: ["reason": "\(reason)"])
        }
        isConnected = false
    }

    /// Looks for what the stream should have brought: pings prove the web process, not the workers behind it.
    func poll() async throws {
        guard isConnected, !isFilling else { return }
        openGap()
        try await fillGap()
    }

    /// Whatever came after the last look may have been swallowed, also while other frames were heard.
    private func openGap() {
        cursor.gapSince = min(cursor.gapSince ?? cursor.heardAt, cursor.heardAt, lastPoll)
    }

    /// Reads what was missed. When the platform cannot be read now, the gap stays open and the next poll tries again.
    private func fillGap() async throws {
        guard let since = cursor.gapSince else { return }
        isFilling = true
        defer { isFilling = false }
        let now = context.clock.now
        let gap = Gap(since: since, firstStart: cursor.firstStart, isFirstStart: isFirstStart)
        do {
            let events = try await channel.seat.backFill(gap, now: now)
            // Only the batch that carries the events may say that the gap is closed.
            var filled = cursor
            filled.gapSince = nil
            filled.heardAt = max(filled.heardAt, now)
            filled.isUnread = false
            try await admitPatiently(events, filled)
            if cursor.gapSince == since { cursor.gapSince = nil }
            cursor.heardAt = max(cursor.heardAt, now)
            cursor.isUnread = false
            lastPoll = now
            isFirstStart = false
            if !events.isEmpty {
                channel.logger.info("Back-filled", metadata: ["events": "\(events.count)"])
            }
        } catch let error as ChatwootError {
            channel.logger.error("The gap could not be filled yet", metadata: ["error": "\(error)"])
        }
    }

    private func tell(_ name: String, at now: Instant) async throws {
        let descriptor = channel.descriptor
        let event = Event(
            name: name, native: name, key: "\(name):\(now.rawValue)", id: descriptor.id.rawValue, at: now,
            channel: descriptor.id, platform: descriptor.platform, role: descriptor.role)
        try await admitPatiently([event])
    }
}

/// The stream stays silent although the credentials are right by the API.
struct ChatwootStreamRefused: Error, CustomStringConvertible {
    let channel: ChannelID

    var description: String {
        "the platform answers channel \(channel)'s API calls but never confirms its stream; check cable_path and "
            + "channel_name, and that the seat belongs to the account"
    }
}

/// The platform closed the stream and asked not to come back.
struct ChatwootStreamEnded: Error, CustomStringConvertible {
    let channel: ChannelID

    var description: String {
        "the platform ended the stream of channel \(channel) and asked not to come back; check that its seat is still "
            + "allowed, then restart the host"
    }
}
