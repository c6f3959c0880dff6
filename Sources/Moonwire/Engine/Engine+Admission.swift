extension Engine {
    /// Admits what reaches the host beside the channels' streams: ticks of schedules, webhooks of scripts, actions of
    /// people on the host's pages. Returns when the journal holds them.
    ///
    /// - Throws: A `JournalError` when the journal refuses; then nothing was admitted.
    public func admit(_ events: [Event]) async throws -> AdmissionReport {
        try await admit(events, cursors: [])
    }

    /// Admits events in order with the cursors that they move, and hands the new ones to their lanes.
    func admit(_ events: [Event], cursors: [Cursor], channel: ChannelID? = nil) async throws -> AdmissionReport {
        let now = timing.clock.now
        let bodies = events.map(EventBody.init)
        var entries: [JournalEntry] = []
        entries.reserveCapacity(events.count + cursors.count)
        for (event, body) in zip(events, bodies) { entries.append(.admit(event: event, body: body, at: now)) }
        if let channel {
            for cursor in cursors { entries.append(.cursor(channel: channel, cursor: cursor)) }
        }
        guard !entries.isEmpty else { return AdmissionReport(admitted: 0, duplicates: 0) }
        return try await withCheckedThrowingContinuation { continuation in
            journal.append(
                JournalBatch(entries: entries, mayFail: true) { result in
                    switch result {
                    case .failure(let error): continuation.resume(throwing: error)
                    case .success(let results):
                        // On the journal's own thread and before the next batch's completion: this keeps the order of
                        // admission on the way to the lanes.
                        var admitted = 0
                        for (index, event) in events.enumerated() where results.indices.contains(index) {
                            guard case .admitted(let id) = results[index] else { continue }
                            admitted += 1
                            self.feed(of: event.sessionID).admit(
                                AdmittedEvent(id: id, event: event, body: bodies[index], admittedAt: now))
                        }
                        continuation.resume(
                            returning: AdmissionReport(admitted: admitted, duplicates: events.count - admitted))
                    }
                })
        }
    }
}
