/// What can be said of a host at one moment, beside what it counts.
public struct EngineFigures: Sendable {
    public let health: HostHealth
    /// `nil` when the lanes do not answer.
    public let lanes: LaneStatus?
    public let jobs: [JobRecord]
    /// Those that go on, and the last ones that are over, newest first.
    public let broadcasts: [BroadcastFigures]

    public init(health: HostHealth, lanes: LaneStatus?, jobs: [JobRecord], broadcasts: [BroadcastFigures]) {
        self.health = health
        self.lanes = lanes
        self.jobs = jobs
        self.broadcasts = broadcasts
    }
}

extension Engine {
    /// How long after its end a broadcast is still shown, and how many are shown at most.
    private static let broadcastsShown = (past: Duration.seconds(86_400), count: 100)

    /// Looks at everything; waits no longer than the limit for the lanes.
    public func figures(within limit: Duration = .seconds(1)) async -> EngineFigures {
        let (health, lanes) = await look(within: limit)
        return EngineFigures(
            health: health, lanes: lanes, jobs: await scheduler?.jobs ?? [], broadcasts: await broadcastFigures())
    }

    private func broadcastFigures() async -> [BroadcastFigures] {
        guard let broadcasts else { return [] }
        let ledger = broadcasts.ports.ledger
        var records = (try? await ledger.unfinishedBroadcasts().filter { $0.state != .deleted }) ?? []
        records.sort { $0.id.rawValue > $1.id.rawValue }
        var known = Set(records.map(\.id))
        let latest = (try? await ledger.broadcasts(named: nil, limit: Self.broadcastsShown.count)) ?? []
        let since = timing.clock.now + (.zero - Self.broadcastsShown.past)
        for record in latest where record.endedAt.map({ $0 > since }) == true && known.insert(record.id).inserted {
            records.append(record)
        }
        return records.prefix(Self.broadcastsShown.count).map(broadcasts.figures)
    }
}
