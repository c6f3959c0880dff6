public import EventJSON

/// Makes the events of people who look at a session on one of the host's own pages.
///
/// They belong to the session that is looked at, so that they have their place in its order. Who it was, and what for,
/// stands in the event's payload: `app`, `operator`, `action`, `args`.
public struct PanelEvent: Sendable {
    public static let opened = "panel.opened"
    public static let action = "panel.action"
    /// The session is to be given to humans; the host itself sees to it.
    public static let handover = "panel.handover"
    public static let paused = "session.paused"
    public static let resumed = "session.resumed"

    public let session: Session
    public let platform: Platform
    public let role: Role
    /// The page's configured name.
    public let app: String
    /// `nil` for somebody of whom only the right to look is known.
    public let person: Operator?

    public init(session: Session, platform: Platform, role: Role, app: String, person: Operator?) {
        self.session = session
        self.platform = platform
        self.role = role
        self.app = app
        self.person = person
    }

    /// - Parameters:
    ///   - key: Unique for what must happen once.
    ///   - arguments: A JSON object.
    public func named(
        _ name: String, key: String, at: Instant, action: String? = nil, arguments: JSON? = nil
    ) -> Event {
        var raw = JSONObject()
        raw.append("app", .string(app))
        if let person {
            var seat = JSONObject()
            seat.append("id", .string(person.id))
            if let name = person.name { seat.append("name", .string(name)) }
            if let email = person.email { seat.append("email", .string(email)) }
            raw.append("operator", .object(seat))
        }
        if let action { raw.append("action", .string(action)) }
        if let arguments { raw.append("args", arguments) }
        return Event(
            name: name, native: name, key: "\(name):\(session.id.id):\(key)", id: session.id.id, at: at,
            channel: session.id.channel, platform: platform, role: role, session: session,
            raw: RawJSON(validated: JSON.object(raw).bytes))
    }
}
