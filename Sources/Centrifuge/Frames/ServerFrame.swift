/// One object from the server.
enum ServerFrame: Sendable, Hashable {
    case ping
    case reply(Reply)
    case push(Push)
    /// A server that speaks version 1.
    case version1
    /// Not JSON, or no object.
    case unreadable
}

/// The answer to a command.
struct Reply: Sendable, Hashable {
    var id: UInt32
    var error: ReplyError?
    var body = ReplyBody.none
}

/// An error that the server answered.
struct ReplyError: Sendable, Hashable {
    static let tokenExpired: UInt32 = 109

    var code: UInt32 = 0
    var message = ""
    var temporary = false

    /// Whether the same command may succeed later.
    var isTemporary: Bool { temporary || code < 100 }
}

/// The result of a command.
enum ReplyBody: Sendable, Hashable {
    /// Nothing that is of interest: publish and unsubscribe have empty results.
    case none
    case connect(ConnectResult)
    case subscribe(SubscribeResult)
    /// Of `refresh` and `sub_refresh`.
    case refresh(RefreshResult)
    case rpc([UInt8])
    case history(CentrifugeHistory)
    case presence([String: CentrifugeClientInfo])
    case presenceStats(CentrifugePresenceStats)
}

/// What the server sends without being asked.
enum Push: Sendable, Hashable {
    case publication(channel: String, CentrifugePublication)
    case join(channel: String, CentrifugeClientInfo)
    case leave(channel: String, CentrifugeClientInfo)
    case subscribe(channel: String, SubscribeResult)
    case unsubscribe(channel: String, CentrifugeReason)
    case message([UInt8])
    case disconnect(CentrifugeReason)
    case refresh(RefreshResult)
    /// Nothing that this version knows.
    case unknown
}

struct ConnectResult: Sendable, Hashable {
    struct Entry: Sendable, Hashable {
        var channel: String
        var result: SubscribeResult
    }

    var client = ""
    var version = ""
    var data = JSONText.null
    var refresh = RefreshResult()
    /// The server-side subscriptions, in the server's order.
    var subscriptions: [Entry] = []
    /// Seconds between the server's pings; 0 without.
    var ping: UInt32 = 0
    var wantsPong = false
}

struct SubscribeResult: Sendable, Hashable {
    var isRecoverable = false
    var isPositioned = false
    var epoch = ""
    var offset: UInt64 = 0
    var publications: [CentrifugePublication] = []
    var recovered = false
    var wasRecovering = false
    var data = JSONText.null
    var refresh = RefreshResult()
}

struct RefreshResult: Sendable, Hashable {
    var expires = false
    /// Seconds.
    var ttl: UInt32 = 0

    /// When to have a new token; `nil` when nothing expires.
    var due: Duration? {
        // The cap is that of the timers of the reference client.
        expires ? .milliseconds(min(max(Int64(ttl), 1) * 1000, 2_147_483_647)) : nil
    }
}
