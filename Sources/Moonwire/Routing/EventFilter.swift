/// Which events a handler wants, decided by the host before the script is entered.
///
/// An empty set means "any". Within a set one match is enough; all keys must match.
public struct EventFilter: Sendable {
    public var events: Set<String>
    public var channels: Set<String> = []
    public var platforms: Set<String> = []
    public var roles: Set<Role> = []
    public var from: From = .peer
    /// Empty means the rule of the role: while a human operator owns the session, an operator-role bot keeps silent.
    public var owners: Set<Owner> = []
    public var anyOwner = false
    public var statuses: Set<String> = []
    /// The exact text, surrounding white space aside.
    public var texts: Set<String> = []
    /// Folded words, any of which must stand in the text.
    public var words: Set<String> = []
    public var prefixes: [String] = []
    public var patterns: [LinearPattern] = []
    public var attachment: AttachmentRule = .any
    public var labels: Set<String> = []
    public var languages: Set<String> = []
    /// Whether only messages count whose buttons or form a person has answered.
    public var wantsSubmittedValues = false
    /// Older events are skipped by handlers; a waiting run takes them all the same.
    public var maxAge: Duration? = .seconds(3600)

    public enum From: Sendable, Hashable {
        /// The other side: the client for an operator-role channel, the business for a client-role one.
        case peer
        case any
        case speakers(Set<Speaker>)
    }

    public enum AttachmentRule: Sendable, Hashable {
        case any
        /// At least one, of whatever kind.
        case present
        case kinds(Set<String>)
    }

    public init(events: Set<String>) {
        self.events = events
    }

    /// Whether the event passes. `now` decides over `maxAge`; `nil` leaves the age out, as for a waiting run.
    public func matches(_ event: Event, text: FoldedText, now: Instant?) -> Bool {
        guard events.contains(event.name), matchesOrigin(event), matchesSession(event) else { return false }
        if let now, let maxAge, event.late != nil, event.at + maxAge < now { return false }
        return matchesContent(event, text: text)
    }

    private func matchesOrigin(_ event: Event) -> Bool {
        if !channels.isEmpty, !channels.contains(event.channel.rawValue) { return false }
        if !platforms.isEmpty, !platforms.contains(event.platform.rawValue) { return false }
        if !roles.isEmpty, !roles.contains(event.role) { return false }
        switch from {
        case .any: return true
        case .peer: return Peer.isPeer(event.from, on: event.role)
        case .speakers(let speakers):
            guard let speaker = event.from else { return false }
            return speakers.contains(speaker)
        }
    }

    private func matchesSession(_ event: Event) -> Bool {
        if !anyOwner {
            if owners.isEmpty {
                if event.name == "message.created", event.role == .operator, event.session?.owner == .operator {
                    return false
                }
            } else if let owner = event.session?.owner, !owners.contains(owner) {
                return false
            }
        }
        if !statuses.isEmpty {
            guard let status = event.session?.status, statuses.contains(status) else { return false }
        }
        if !labels.isEmpty {
            guard let session = event.session, session.labels.contains(where: labels.contains) else { return false }
        }
        if !languages.isEmpty {
            guard let language = (event.session?.client ?? event.client)?.language, languages.contains(language)
            else { return false }
        }
        return true
    }

    private func matchesContent(_ event: Event, text: FoldedText) -> Bool {
        switch attachment {
        case .any: break
        case .present:
            guard let message = event.message, !message.attachments.isEmpty else { return false }
        case .kinds(let kinds):
            guard let message = event.message, message.attachments.contains(where: { kinds.contains($0.kind) })
            else { return false }
        }
        if wantsSubmittedValues, event.message?.submittedValues == nil { return false }
        if !texts.isEmpty, !texts.contains(text.trimmed) { return false }
        if !words.isEmpty, !text.containsAny(of: words) { return false }
        if !prefixes.isEmpty, !prefixes.contains(where: text.trimmed.hasPrefix) { return false }
        if !patterns.isEmpty, !patterns.contains(where: { $0.matches(text.original) }) { return false }
        return true
    }
}

/// The peer rule: the bot answers the other side, and never itself.
enum Peer {
    static func isPeer(_ speaker: Speaker?, on role: Role) -> Bool {
        switch speaker {
        case nil: true
        case .own?: false
        case .client?: role == .operator
        case .operator?, .bot?: role == .client
        }
    }
}
