/// That a person keeps the bot out of a session.
///
/// While it stands, no handler and no waiting dialog of the session takes an event: what comes in is counted as
/// unmatched. Waits go on waiting. Their clocks run, but an end that falls into the pause (a timeout, a transfer to a
/// human) is told when the pause is over. Events of the host's own pages reach scripts all the same. A pause ends when
/// somebody resumes the bot, and with the session itself.
public struct SessionPause: Sendable, Hashable {
    public let at: Instant
    public let by: Operator

    public init(at: Instant, by person: Operator) {
        self.at = at
        by = person
    }

    /// Whether an event passes a pause.
    static func letsThrough(_ event: Event) -> Bool {
        event.name.hasPrefix("panel.") || event.name == PanelEvent.paused || event.name == PanelEvent.resumed
    }
}
