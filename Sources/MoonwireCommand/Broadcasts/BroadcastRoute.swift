import EventJSON
import Moonwire
import MoonwireConfiguration

/// By what a channel of TWIN24 carries broadcasts, which its descriptor does not tell.
enum BroadcastRoute {
    /// The notification service, over these channels in this order.
    case notifications([TwinNotificationSection.Way])
    /// Sessions that begin in the client's name and are taken over.
    case sessions
    /// Nothing, because of this.
    case none(String)

    /// `nil` for a channel of another platform.
    init?(_ section: ChannelSection) {
        guard case .twin(let seat) = section.seat else { return nil }
        if let notifications = seat.notifications {
            self = .notifications(notifications.ways)
        } else if seat.status == .paused {
            self = .none(
                "a paused operator takes no sessions, so none can be begun; write 'status: online', or 'notifications' "
                    + "to use the notification service")
        } else {
            self = .sessions
        }
    }

    /// For a person.
    var words: String {
        switch self {
        case .notifications(let ways):
            let order = ways.map { $0.kind.rawValue + ($0.isRequired == true ? " (always)" : "") }
            let template = ways.compactMap { $0.template?["templateName"]?.string }.first
            return "by the notification service over \(order.joined(separator: " → ")), "
                + (template.map { "templates as WhatsApp's '\($0)'" } ?? "no templates")
        case .sessions: return "by opening sessions: each begins in the client's name and is taken over"
        case .none(let reason): return "not to people without a session: \(reason)"
        }
    }

    var json: JSON {
        switch self {
        case .notifications(let ways):
            ["by": "notifications", "channels": .array(ways.map { .string($0.kind.rawValue) })]
        case .sessions: ["by": "sessions"]
        case .none(let reason): ["by": .null, "reason": .string(reason)]
        }
    }
}
