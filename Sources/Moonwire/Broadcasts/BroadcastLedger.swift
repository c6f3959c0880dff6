/// What can be read of the ledger of broadcasts. Its changes are entries of the journal (`JournalEntry.broadcast`), so
/// that they commit in the order of everything else.
public protocol BroadcastLedger: Sendable {
    /// Broadcasts that need work: not over, or with rows that are to be cleared.
    func unfinishedBroadcasts() async throws(JournalError) -> [BroadcastRecord]

    /// All broadcasts that have not been deleted, newest first.
    func broadcasts(named name: String?, limit: Int) async throws(JournalError) -> [BroadcastRecord]

    /// Changes of broadcasts' states that have not been told, in their order.
    func untoldChanges(limit: Int) async throws(JournalError) -> [BroadcastChange]

    func broadcast(_ target: BroadcastTarget) async throws(JournalError) -> BroadcastRecord?

    /// How the asking for an audience by the event with this key ended; `nil` when the event is not there or is still
    /// handled.
    func audienceEnd(ofEvent key: String) async throws(JournalError) -> AudienceEnd?

    /// Pending recipients whose time has come, in the order of their turns.
    func dueRecipients(of id: BroadcastID, at now: Instant, limit: Int) async throws(JournalError) -> [Recipient]

    /// When the next pending recipient's time comes.
    func nextDue(of id: BroadcastID) async throws(JournalError) -> Instant?

    /// Rows in the order of their numbers, from behind `after` on.
    func recipients(
        of id: BroadcastID, in state: RecipientState?, after: Int64, limit: Int
    ) async throws(JournalError) -> [Recipient]

    /// - Parameter folds: Whether rows with the same address count as one; those of the ledger have been folded.
    func forecast(of plan: BroadcastPlan, at now: Instant, folds: Bool) throws(JournalError) -> any AudienceForecast

    func rejectedRecords(of id: BroadcastID, after: Int64, limit: Int) async throws(JournalError) -> [RejectedRecord]
}
