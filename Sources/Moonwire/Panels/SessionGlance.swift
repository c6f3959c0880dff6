/// What a page shows of a session, read in one go and at a cost that does not grow with the journal.
public struct SessionGlance: Sendable {
    /// The runs that wait, and the latest that have ended, in the order in which they began.
    public let runs: [RunLife]
    /// What the session's panels last showed to the person who looks, by their names.
    public let panels: [String: RawJSON]
    public let pause: SessionPause?

    public init(runs: [RunLife], panels: [String: RawJSON], pause: SessionPause?) {
        self.runs = runs
        self.panels = panels
        self.pause = pause
    }

    /// Where the panels of a session keep what they show to one person.
    ///
    /// - Parameter person: An operator's id; `nil` is somebody of whom only the right to look is known.
    public static func panelScope(of session: SessionID, for person: String?) -> String {
        let person = person ?? ""
        // The length comes first, so that no two of them are spelled alike.
        return "panel:\(person.utf8.count):\(person):\(session)"
    }
}

/// A journal that can be asked for a session at a glance.
public protocol SessionGlancing: Sendable {
    /// - Parameters:
    ///   - person: The id of the operator who looks; `nil` is somebody who is not known.
    ///   - ended: How many runs that have ended at most.
    func glance(
        of session: SessionID, for person: String?, ended: Int, now: Instant
    ) async throws(JournalError) -> SessionGlance
}
