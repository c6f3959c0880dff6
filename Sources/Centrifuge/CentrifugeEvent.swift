/// What a client hears, in the order in which it happened.
public enum CentrifugeEvent: Sendable, Hashable {
    /// The client began to connect, or lost its connection and goes on trying.
    ///
    /// Codes below 100 are local: 0 started, 1 transport closed, 2 no ping or unreadable input, 3 a subscribe was not
    /// answered, 4 an unsubscribe failed. Others are the server's (3000–3499) and the backend's (4000–4499).
    case connecting(CentrifugeReason)

    /// The server accepted the connection.
    case connected(CentrifugeConnected)

    /// The client has given up, and `run` returns. The last event of a run.
    ///
    /// Codes below 100 are local: 0 stopped, 1 unauthorized, 2 bad protocol, 3 a message was too large for the server.
    /// Others are error codes of connect (100–1999), or close codes of the server (3500–3999) and the backend
    /// (4500–4999).
    case disconnected(CentrifugeReason)

    /// A subscription is interrupted, or was asked for and is not yet there.
    case subscribing(channel: String, CentrifugeReason)

    /// A subscription, the server's choice or ours, began or goes on.
    case subscribed(channel: String, CentrifugeSubscribed)

    /// A subscription has ended: 0 our wish, 1 unauthorized, 2 the client was stopped, others the server's.
    case unsubscribed(channel: String, CentrifugeReason)

    /// Something was published.
    case publication(channel: String, CentrifugePublication)

    /// Another client came.
    case join(channel: String, CentrifugeClientInfo)

    /// Another client went.
    case leave(channel: String, CentrifugeClientInfo)

    /// The server sent a message outside all channels, as raw JSON.
    case message([UInt8])

    /// Something failed and will be tried again. Changes no state.
    case failure(CentrifugeError)
}

extension CentrifugeEvent {
    /// The size of the payload, for limits.
    var byteCount: Int {
        switch self {
        case .publication(_, let publication):
            publication.tags.reduce(publication.data.count + (publication.info?.byteCount ?? 0)) {
                $0 + $1.key.utf8.count + $1.value.utf8.count
            }
        case .join(_, let info), .leave(_, let info): info.byteCount
        case .message(let data): data.count
        default: 0
        }
    }

    /// Whether the event tells of the connection or a subscription, so that it must never be left out.
    var isOfState: Bool {
        switch self {
        case .publication, .join, .leave, .message: false
        case .connecting, .connected, .disconnected, .subscribing, .subscribed, .unsubscribed, .failure: true
        }
    }
}

extension CentrifugeClientInfo {
    var byteCount: Int {
        user.utf8.count + client.utf8.count + (connectionInfo?.count ?? 0) + (channelInfo?.count ?? 0)
    }
}
