extension MemoryJournal: JournalHistory {
    public func events(since: Instant, after: EventID, limit: Int) async throws(JournalError) -> [RecordedEvent] {
        try await read {
            Array($0.recordedEvents(since: since).filter { $0.admitted.id > after }.prefix(max(limit, 0)))
        }
    }

    public func eventsTakenByOlderRuns(since: Instant) async throws(JournalError) -> Set<EventID> {
        try await read { tables in
            let older = tables.runs.values.filter { $0.record.startedAt < since }
            let taken = Set(older.flatMap { $0.steps.values.compactMap(\.awaited) })
            return taken.filter { id in tables.events[id].map { $0.at >= since } ?? false }
        }
    }

    public func runs(of script: String?, since: Instant, page: RunPage.Next?) async throws(JournalError) -> RunPage {
        try await read { tables in
            let runs = tables.histories { $0.startedAt >= since && (script == nil || $0.script == script) }
            return RunPage(runs: runs, next: nil)
        }
    }

    public func run(_ id: RunID) async throws(JournalError) -> RunLife? {
        try await read { tables in tables.histories { $0.id == id }.first }
    }

    public func life(of session: SessionID, since: Instant) async throws(JournalError) -> SessionLife {
        try await read { tables in
            SessionLife(
                events: tables.recordedEvents(since: since).filter { $0.admitted.event.sessionID == session },
                runs: tables.histories { $0.session == session }.filter { $0.end.map { $0.at >= since } ?? true },
                deadLetters: tables.dead.filter { $0.session == session && $0.at >= since },
                pause: tables.pauses[session])
        }
    }
}

extension MemoryJournal: SessionGlancing {
    public func glance(
        of session: SessionID, for person: String?, ended: Int, now: Instant
    ) async throws(JournalError) -> SessionGlance {
        try await read { tables in
            let runs = tables.histories { $0.session == session }
            let latest = runs.filter { $0.end != nil }.suffix(max(ended, 0))
            let shown = Set(latest.map(\.record.id)).union(runs.filter { $0.end == nil }.map(\.record.id))
            let scope = SessionGlance.panelScope(of: session, for: person)
            let panels = tables.cells.filter { $0.key.scope == scope && $0.value.isAlive(at: now) }
            return SessionGlance(
                runs: runs.filter { shown.contains($0.record.id) },
                panels: Dictionary(
                    panels.map { ($0.key.key, $0.value.value) }, uniquingKeysWith: { first, _ in first }),
                pause: tables.pauses[session])
        }
    }
}

extension MemoryTables {
    fileprivate func recordedEvents(since: Instant) -> [RecordedEvent] {
        events.sorted { $0.key < $1.key }.compactMap { _, row in
            guard row.at >= since, let admitted = row.admitted else { return nil }
            return RecordedEvent(admitted: admitted, end: row.isPending ? nil : row.end)
        }
    }

    fileprivate func histories(where isWanted: (RunRecord) -> Bool) -> [RunLife] {
        let wanted = runs.values.filter { isWanted($0.record) }
        return wanted.sorted { $0.record.id.rawValue < $1.record.id.rawValue }.map { row in
            let steps = row.steps.values.sorted { $0.record.number < $1.record.number }
            return RunLife(
                record: row.record, trigger: events[row.record.event]?.admitted, steps: steps.map(\.recorded),
                end: row.end, isWhole: true)
        }
    }
}
