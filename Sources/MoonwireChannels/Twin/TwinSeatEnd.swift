import Moonwire

/// Why a seat is left for good: nothing is sent, asked or connected any more until a person starts the host again.
enum TwinSeatEnd: String, Sendable {
    case displaced, blocked, loggedOut, authFailed, streamStopped

    var sentence: String {
        switch self {
        case .displaced:
            "somebody else signed in as this operator; make sure that nobody else uses the account, then restart the "
                + "host"
        case .blocked: "the platform blocked this operator; have it unblocked, then restart the host"
        case .loggedOut: "the platform made this operator offline; restart the host to come back"
        case .authFailed: "the operator cannot sign in any more"
        case .streamStopped: "the platform ended the stream and asked not to come back"
        }
    }

    var code: String {
        switch self {
        case .displaced: "displaced"
        case .blocked: "blocked"
        case .loggedOut, .streamStopped: "offline"
        case .authFailed: "unauthorized"
        }
    }
}

/// A channel's seat is gone.
struct TwinSeatEnded: Error, CustomStringConvertible {
    let channel: ChannelID
    let end: TwinSeatEnd
    /// The platform's own words, where there are any.
    var detail: String?

    var description: String {
        let detail = detail.map { " (\($0))" } ?? ""
        return "channel \(channel) is out of its seat: \(end.sentence)\(detail)"
    }
}
