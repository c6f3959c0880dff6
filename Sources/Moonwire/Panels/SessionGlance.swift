/// What a page shows of a session, read in one go and at a cost that does not grow with the journal.
public struct SessionGlance: Sendable {
    /// The runs that wait, and the latest that have ended, in the order in which they began.
    public let runs: [RunLife]
    /// What the session's panels last showed, by their names.
    public let panels: [String: RawJSON]
    public let pause: SessionPause?

    public init(runs: [RunLife], panels: [String: RawJSON], pause: SessionPause?) {
        self.runs = runs
        self.panels = panels
        self.pause = pause
    }

    /// Where the panels of a session keep what they show.
    public static func panelScope(of session: SessionID) -> String { "panel:\(session)" }
}

/// A journal that can be asked for a session at a glance.
public protocol SessionGlancing: Sendable {
    /// - Parameter ended: How many runs that have ended at most.
    func glance(of session: SessionID, ended: Int, now: Instant) async throws(JournalError) -> SessionGlance
}
