extension MemoryTables {
    func pendingEvents(after: EventID, limit: Int) -> [PendingEvent] {
        let pending = events.filter { $0.value.isPending && $0.key > after }.sorted { $0.key < $1.key }
        return pending.prefix(max(limit, 0)).compactMap { id, row in
            guard let admitted = row.admitted else { return nil }
            let ended = runs.values.filter { $0.record.event == id && $0.end != nil }
            return PendingEvent(
                admitted: admitted,
                finishedHandlers: Set(
                    ended.map { HandlerKey(script: $0.record.script, handler: $0.record.handler) }),
                isStopped: ended.contains { $0.end?.stops == true })
        }
    }

    func interruptedRuns() -> RecoveredRuns { recovered { $0.end == nil && $0.wait == nil } }

    func waitingSessions(version: String?) -> [SessionDigest] {
        let waiting = runs.values.filter { $0.wait != nil && (version == nil || $0.record.version == version) }
        return waiting.map { SessionDigest($0.record.session) }
    }

    func waitingRuns(of sessions: [SessionDigest]) -> RecoveredRuns {
        let sessions = Set(sessions)
        return recovered { $0.wait != nil && sessions.contains(SessionDigest($0.record.session)) }
    }

    private func recovered(_ isWanted: (RunRow) -> Bool) -> RecoveredRuns {
        var recovered = RecoveredRuns()
        for row in runs.values.filter(isWanted).sorted(by: { $0.record.id.rawValue < $1.record.id.rawValue }) {
            guard let event = events[row.record.event], let trigger = event.admitted else {
                recovered.damaged.append(
                    DamagedRun(record: row.record, triggerIsFinished: true, reason: "its event is missing"))
                continue
            }
            recovered.runs.append(
                RecordedRun(
                    record: row.record, trigger: trigger, triggerIsFinished: !event.isPending,
                    steps: row.steps.values.sorted { $0.record.number < $1.record.number }.map(\.recorded)))
        }
        return recovered
    }

    func deadlines(after: Deadline?, before: Instant, limit: Int) -> [Deadline] {
        let deadlines = runs.values.compactMap { row in
            row.wait?.record.deadline.map {
                Deadline(at: $0, run: row.record.id, session: SessionDigest(row.record.session))
            }
        }
        let found = deadlines.filter { deadline in deadline.at < before && after.map { deadline > $0 } != false }
        return Array(found.sorted().prefix(max(limit, 0)))
    }

    func versionReports(of script: String?) -> [VersionReport] {
        let rows = versions.values.filter { script == nil || $0.sources.script == script }
        return rows.sorted { $0.order > $1.order }.map { row in
            let version = row.sources.version
            return VersionReport(
                version: version, script: row.sources.script, installedAt: row.installedAt,
                waiting: runs.values.count { $0.wait != nil && $0.record.version == version },
                retirement: row.retirement)
        }
    }

    func nativeIDs(of session: SessionID, since: Instant) -> Set<String> {
        let steps = runs.values.flatMap(\.steps.values)
        return Set(steps.filter { $0.record.session == session && $0.record.at >= since }.compactMap(\.nativeID))
    }

    func unknownSteps(limit: Int) -> [StepReport] {
        let reports = runs.values.flatMap { run in
            run.steps.values.filter(\.isUnknown).map { StepReport(run: run.record, step: $0.recorded) }
        }
        let sorted = reports.sorted { first, second in
            let (one, other) = (first.step.step, second.step.step)
            return (one.at.rawValue, one.run.rawValue, one.number) > (
                other.at.rawValue, other.run.rawValue, other.number
            )
        }
        return Array(sorted.prefix(max(limit, 0)))
    }

    mutating func prune(_ policy: RetentionPolicy, now: Instant) -> Int {
        let payloads = Instant(rawValue: now.rawValue &- policy.payloads.milliseconds)
        let keysBefore = Instant(rawValue: now.rawValue &- policy.keys.milliseconds)
        var removed = 0
        for (id, run) in runs {
            guard let end = run.end, end.at < payloads, run.record.startedAt < payloads else { continue }
            runs[id] = nil
            removed += 1 + run.steps.count
        }
        let needed = Set(runs.values.flatMap { run in [run.record.event] + run.steps.values.compactMap(\.awaited) })
        for (id, event) in events where !event.isPending && !needed.contains(id) {
            if event.admitted != nil, event.at < payloads {
                events[id]?.admitted = nil
                removed += 1
            }
            if event.at < keysBefore {
                events[id] = nil
                if let key = event.key { keys[event.channel]?[key] = nil }
                removed += 1
            }
        }
        removed += jobs.prune(before: keysBefore)
        let kept = (dead.filter { $0.at >= payloads }, cells.filter { $0.value.isAlive(at: now) })
        let allowancesKept = allowances.filter { $0.value.fullAt > now }
        removed += dead.count + cells.count + allowances.count - kept.0.count - kept.1.count - allowancesKept.count
        (dead, cells, allowances) = (kept.0, kept.1, allowancesKept)
        return removed + pruneVersions(unusedBefore: payloads, now: now)
    }

    /// A version that was found unused stays for as long as payloads do.
    private mutating func pruneVersions(unusedBefore: Instant, now: Instant) -> Int {
        let used = Set(runs.values.filter { $0.end == nil }.map(\.record.version))
        var removed = 0
        for (name, row) in versions {
            let isNewest = !versions.values.contains {
                $0.sources.script == row.sources.script && $0.order > row.order
            }
            if isNewest || used.contains(name) {
                versions[name]?.unusedSince = nil
            } else if let since = row.unusedSince {
                guard since < unusedBefore else { continue }
                versions[name] = nil
                removed += 1
            } else {
                versions[name]?.unusedSince = now
            }
        }
        return removed
    }
}

extension MemoryTables.RunRow {
    /// The step that the run waits in.
    var wait: MemoryTables.StepRow? {
        guard end == nil, let last = steps[steps.count], last.isWait, last.outcome == nil else { return nil }
        return last
    }
}

extension MemoryTables.StepRow {
    var recorded: RecordedStep { RecordedStep(step: record, outcome: outcome) }

    var isUnknown: Bool {
        if case .failure(let failure)? = outcome?.result { return failure.code == "unknown" }
        return false
    }

    /// The event that ended the step, when it was a wait.
    var awaited: EventID? {
        if case .event(let event)? = outcome?.result { return event.id }
        return nil
    }
}
