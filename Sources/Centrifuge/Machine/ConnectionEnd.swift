import EventJSON
import WebSocketClient

/// How a connection, or the attempt to make one, came to its end.
enum ConnectionEnd: Sendable, Hashable {
    /// The server said goodbye, or nobody did (code 1006).
    case closed(code: UInt32, reason: String)
    /// The socket could not be opened, or had to be given up.
    case failed(CentrifugeError, retryAfter: Duration?)
    /// A message exceeded our own limit.
    case tooLarge(CentrifugeError)
    /// Nothing but another configuration can help.
    case hopeless(CentrifugeError)
}

extension ConnectionEnd {
    init(_ error: WebSocketError) {
        switch error.code {
        case .tooLarge: self = .tooLarge(CentrifugeError(.tooLarge, 3, error.message, retryable: true))
        case .badURL:
            self = .hopeless(CentrifugeError(.badConfiguration, 12, error.message, retryable: false))
        default:
            self = .failed(
                CentrifugeError(.transport, 2, error.message, retryable: true, httpStatus: error.httpStatus),
                retryAfter: error.retryAfter)
        }
    }
}

extension ConnectionEnd: CustomStringConvertible {
    /// For the log.
    var description: String {
        switch self {
        case .closed(let code, let reason): CentrifugeReason(code: code, text: printable(reason)).description
        case .failed(let error, _), .hopeless(let error), .tooLarge(let error): error.message
        }
    }
}

/// What an end means: the reason to report, and whether to come back.
struct Farewell: Sendable, Hashable {
    var reason: CentrifugeReason
    var reconnects: Bool

    /// Reads a close code, of a close frame or of a push that announces one.
    init(code: UInt32, reason: String) {
        switch code {
        case 1009: self.init(reason: .messageSizeLimit, reconnects: false)
        case ..<3000:
            let isFinal = Self.legacy(reason)?.reconnects == false
            self.init(reason: .transportClosed, reconnects: !isFinal)
        default:
            let isFinal = (3500...3999).contains(code) || (4500...4999).contains(code)
            let legacy = code < 3500 ? Self.legacy(reason) : nil
            self.init(
                reason: CentrifugeReason(code: code, text: printable(legacy?.text ?? reason)),
                reconnects: legacy?.reconnects ?? !isFinal)
        }
    }

    private init(reason: CentrifugeReason, reconnects: Bool) {
        self.reason = reason
        self.reconnects = reconnects
    }

    /// Servers of version 1 wrote JSON into the reason.
    private static func legacy(_ reason: String) -> (text: String, reconnects: Bool)? {
        guard reason.hasPrefix("{"), let json = try? JSON(parsing: reason), let reconnects = json["reconnect"]?.bool
        else { return nil }
        return (json["reason"]?.string ?? "", reconnects)
    }
}
