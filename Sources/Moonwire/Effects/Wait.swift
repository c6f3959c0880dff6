/// A wait of a run. It holds no place in its session: other runs go on meanwhile.
public struct Wait: Sendable {
    /// The events that end the wait; empty for a plain sleep.
    public let events: [EventFilter]
    /// How long at most, from the moment it was journaled; `nil` waits for ever.
    public let timeout: Duration?
    /// What the dialog that waits has agreed with the client; `nil` outside of a dialog.
    public let dialog: DialogTerms?

    public init(events: [EventFilter], timeout: Duration?, dialog: DialogTerms? = nil) {
        self.events = events
        self.timeout = timeout
        self.dialog = dialog
    }
}

/// What holds for every wait inside a dialog. Terms of nested dialogs come joined: all words count, and the earliest
/// expiry.
public struct DialogTerms: Sendable, Hashable {
    /// What becomes of a waiting dialog when a new version of its script takes over.
    public enum OnReload: String, Sendable, Hashable {
        /// It goes on with its own version.
        case finish
        /// It begins anew with the new version.
        case restart
        /// It ends and a human takes over.
        case transfer
    }

    /// A message of the peer that consists of one of these, as `FoldedText.joinedWords` gives them, ends the wait with
    /// `nil, "cancelled"`.
    public let cancel: Set<String>
    /// A message that consists of one of these ends the run and begins it anew with its first event.
    public let restart: Set<String>
    /// When the wait ends with `nil, "expired"`.
    public let expiresAt: Instant?
    public let onReload: OnReload

    public init(
        cancel: Set<String> = [], restart: Set<String> = [], expiresAt: Instant? = nil, onReload: OnReload = .finish
    ) {
        self.cancel = cancel
        self.restart = restart
        self.expiresAt = expiresAt
        self.onReload = onReload
    }
}
