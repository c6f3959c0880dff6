extension Engine {
    /// Admits what reaches the host beside the channels' streams: ticks of schedules, webhooks of scripts, actions of
    /// people on the host's pages. Returns when the journal holds them.
    ///
    /// - Throws: A `JournalError` when the journal refuses; then nothing was admitted.
    public func admit(_ events: [Event]) async throws -> AdmissionReport {
        try await admit(events, cursors: [])
    }

    /// Admits events in order with the cursors that they move, and hands the new ones to their lanes.
    ///
    /// - Parameters:
    ///   - companions: What is written in the same step.
    ///   - admission: How the journal admits an event.
    func admit(
        _ events: [Event], cursors: [Cursor], channel: ChannelID? = nil, with companions: [JournalEntry] = [],
        by admission: (Event, EventBody, Instant) -> JournalEntry = JournalEntry.admit
    ) async throws -> AdmissionReport {
        var others = companions
        if let channel { others += cursors.map { .cursor(channel: channel, cursor: $0) } }
        guard !events.isEmpty || !others.isEmpty else { return AdmissionReport(admitted: 0, duplicates: 0) }
        return try await withCheckedThrowingContinuation { continuation in
            commit(events, by: admission, beside: others, mayFail: true) { result in
                continuation.resume(
                    with: result.map { isNew in
                        let admitted = isNew.count { $0 }
                        self.metrics(of: channel).admitted(admitted, repeated: events.count - admitted)
                        return AdmissionReport(admitted: admitted, duplicates: events.count - admitted)
                    })
            }
        }
    }

    /// Commits ticks together with the state of their jobs; waits for a journal that cannot take them now.
    func commit(_ batch: JobBatch) {
        metrics.note(batch.entries, at: timing.clock.now)
        commit(batch.events, beside: batch.entries.map(JournalEntry.job), mayFail: false) { result in
            guard case .success(let isNew) = result else { return }
            let admitted = isNew.count { $0 }
            self.metrics.host.admitted(admitted, repeated: isNew.count - admitted)
            // Nothing follows from a tick that was admitted before: it has had its run.
            for (event, isNew) in zip(batch.events, isNew) where !isNew {
                if let tick = TickID(event) { self.scheduler?.ended(tick) }
            }
        }
    }

    private func metrics(of channel: ChannelID?) -> IntakeMetrics {
        channel.flatMap { metrics.channels[$0]?.intake } ?? metrics.host
    }

    /// Admits events, and writes other entries in the same transaction. Tells of each event whether it is new.
    private func commit(
        _ events: [Event], by admission: (Event, EventBody, Instant) -> JournalEntry = JournalEntry.admit,
        beside others: [JournalEntry], mayFail: Bool,
        _ completion: @escaping @Sendable (Result<[Bool], any Error>) -> Void
    ) {
        let now = timing.clock.now
        let bodies = events.map(EventBody.init)
        var entries: [JournalEntry] = []
        entries.reserveCapacity(events.count + others.count)
        for (event, body) in zip(events, bodies) { entries.append(admission(event, body, now)) }
        entries += others
        journal.append(
            JournalBatch(entries: entries, mayFail: mayFail) { result in
                switch result {
                case .failure(let error): completion(.failure(error))
                case .success(let results):
                    // On the journal's own thread and before the next batch's completion: this keeps the order of
                    // admission on the way to the lanes.
                    var isNew = [Bool](repeating: false, count: events.count)
                    for (index, event) in events.enumerated() where results.indices.contains(index) {
                        guard case .admitted(let id) = results[index] else { continue }
                        isNew[index] = true
                        self.feed(of: event.sessionID).admit(
                            AdmittedEvent(id: id, event: event, body: bodies[index], admittedAt: now))
                    }
                    completion(.success(isNew))
                }
            })
    }
}
