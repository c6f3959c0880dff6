extension Engine {
    /// Keeps the bot out of the event's session from now on, also after a restart, until somebody resumes it. The event
    /// is admitted in the same step, so that the session's history tells of it. One that was admitted before changes
    /// nothing, whatever has happened since.
    ///
    /// - Parameter event: One of `PanelEvent`.
    /// - Throws: A `JournalError` when the journal refuses; then nothing has changed.
    public func pause(_ event: Event, by person: Operator) async throws {
        let pause = SessionPause(at: event.at, by: person)
        _ = try await admit([event], cursors: []) { .admitPause(event: $0, body: $1, at: $2, pause) }
    }

    /// Lets the bot into the event's session again, by an event that is new.
    ///
    /// - Throws: A `JournalError` when the journal refuses; then nothing has changed.
    public func resume(_ event: Event) async throws {
        _ = try await admit([event], cursors: []) { .admitPause(event: $0, body: $1, at: $2, nil) }
    }

    /// Returns when everything that was recorded so far can be read in the journal.
    public func settle() async { await journal.settle() }
}
