import Synchronization

/// Whether a host can do its work now.
public struct HostHealth: Sendable {
    /// Where a channel's stream stands.
    public enum Stream: String, Sendable, CaseIterable {
        /// It has not been up yet.
        case connecting
        case up
        /// It reads what it missed.
        case filling
        /// It was lost, and comes back by itself.
        case down
        /// It cannot go on.
        case ended
    }

    /// Whether the journal can be read.
    public let journal: Bool
    /// Whether all lanes answer.
    public let lanes: Bool
    public let streams: [ChannelID: Stream]

    public init(journal: Bool, lanes: Bool, streams: [ChannelID: Stream]) {
        self.journal = journal
        self.lanes = lanes
        self.streams = streams
    }

    public var isReady: Bool { journal && lanes && streams.values.allSatisfy { $0 == .up || $0 == .filling } }
}

extension Engine {
    /// Asks every part, and waits no longer than the limit for the lanes.
    public func health(within limit: Duration = .seconds(1)) async -> HostHealth {
        await look(within: limit).health
    }

    /// The health, and what the lanes have in hand where all of them answer in time.
    func look(within limit: Duration) async -> (health: HostHealth, lanes: LaneStatus?) {
        let isJournalOpen = (try? await journal.cursors(of: .host)) != nil
        let lanes = await laneStatus(within: limit)
        let health = HostHealth(journal: isJournalOpen, lanes: lanes != nil, streams: streams.withLock { $0 })
        return (health, lanes)
    }

    private func laneStatus(within limit: Duration) async -> LaneStatus? {
        let (answers, answer) = AsyncStream.makeStream(of: LaneStatus.self)
        let count = laneCount()
        for lane in 0..<count { post(.inspect { answer.yield($0) }, to: lane) }
        return await withTaskGroup(of: LaneStatus?.self) { group in
            group.addTask {
                var open = count
                var total = LaneStatus()
                for await status in answers {
                    total.add(status)
                    open -= 1
                    if open == 0 { return total }
                }
                return nil
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Reads from a channel's own events how its stream does.
    func note(_ events: [Event], of channel: ChannelID) {
        for event in events {
            switch event.name {
            case "channel.connected": set(.up, channel)
            case "channel.disconnected": set(.down, channel)
            default:
                // What a stream brings late, before it says that it is up, fills its gap.
                if event.late != nil { streams.withLock { if $0[channel] != .up { $0[channel] = .filling } } }
            }
        }
    }

    func set(_ stream: HostHealth.Stream, _ channel: ChannelID) {
        streams.withLock { $0[channel] = stream }
    }
}
