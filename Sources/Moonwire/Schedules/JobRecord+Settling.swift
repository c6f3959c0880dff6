extension JobRecord {
    /// How far the rules of a zone are taken to move a due time: half an hour to a few hours, when a country gives up
    /// its summer time or takes to another zone.
    private static let reach = Duration.seconds(3 * 3600)

    func settled(at now: Instant) -> JobRecord {
        var record = self
        record.nextDue = settledDue(at: now)
        return record
    }

    /// The stored due time; another one in its place where there is none, where the zone's rules have changed since, or
    /// where the clock was ahead when it was stored and has been set back. A due time that ran does not run again.
    func settledDue(at now: Instant) -> Instant? {
        let schedule = declaration.schedule
        guard let due = nextDue else { return schedule.next(after: now) }
        if schedule.next(after: due + .milliseconds(-1)) == due {
            return due > now ? schedule.next(after: now) : due
        }
        return nearest(to: due, after: due > now ? now : nil)
    }

    private func nearest(to due: Instant, after earliest: Instant?) -> Instant? {
        let schedule = declaration.schedule
        var before: Instant?
        var next = schedule.next(
            after: max(due + .milliseconds(-Self.reach.milliseconds), earliest ?? Instant(rawValue: .min)))
        while let candidate = next, candidate < due {
            before = candidate
            next = schedule.next(after: candidate)
        }
        guard let before else { return next }
        return next.map { $0 - due <= due - before } == true ? next : before
    }
}
