import ChatwootAPI
import Moonwire

/// The names of what a conversation event means for a session.
enum ChatwootLifeCycle {
    static func events(
        _ native: ChatwootEvent.Name, session: Session, before: Session?, role: Role
    ) -> [String] {
        switch native {
        case .conversationCreated: return ["session.started"]
        case .conversationStatusChanged, .conversationOpened, .conversationResolved:
            return statusEvents(session, before: before)
        case .assigneeChanged:
            return session.owner == .queue && session.status == "open"
                ? ["session.assigned", "session.queued"] : ["session.assigned"]
        case .conversationUpdated:
            // A contact's stream has no event of its own for an assignment.
            let isAssigned = role == .client && before != nil && before?.operator?.id != session.operator?.id
            return isAssigned ? ["session.assigned", "session.updated"] : ["session.updated"]
        case .teamChanged, .conversationContactChanged: return ["session.updated"]
        case .conversationRead, .conversationMentioned: return []
        default: return []
        }
    }

    private static func statusEvents(_ session: Session, before: Session?) -> [String] {
        switch session.status {
        case "closed": return ["session.closed"]
        case "open":
            if before?.status == "pending" { return ["session.from_bot"] }
            return ["session.reopened"]
        default: return ["session.updated"]
        }
    }
}
