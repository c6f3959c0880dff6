public import CurlHTTP

/// One installation of TWIN24, or of a white-label made from it: where its services are and how it differs.
///
/// This target knows the wire of the operator's seat: sign-in, the chat service, files, notifications, live events. It
/// does not know who sits in the seat or what a session is for, and it opens no socket: see ``TwinConnection``.
///
/// There are no default addresses. The vendor's own pages name several for the same service, and a white-label has
/// others.
public struct TwinInstallation: Hashable, Sendable {
    /// Sign-in, users and files, such as `https://iam.example.org/api/v1`.
    public var iam: String
    /// Sessions, messages, groups, such as `https://chats-api.example.org/api/v1`.
    public var chat: String
    /// The live stream as the vendor writes it, with `https`; see `socketURL`.
    public var realtime: String
    /// Notifications to people who are in no session.
    public var notify: String
    /// For name resolution, TCP and TLS together.
    public var connectTimeout: Duration
    /// For a whole request.
    public var requestTimeout: Duration
    /// Methods for endpoints whose method is not published; without an entry they are found out, see `TwinMethods`.
    public var methods: [TwinEndpoint: HTTPMethod]
    /// What the stream's connect frame names as `application`.
    public var realtimeApplication: String

    public init(
        iam: String, chat: String, realtime: String, notify: String, connectTimeout: Duration = .seconds(5),
        requestTimeout: Duration = .seconds(60), methods: [TwinEndpoint: HTTPMethod] = [:],
        realtimeApplication: String = "notifications"
    ) {
        self.iam = Self.withoutSlash(iam)
        self.chat = Self.withoutSlash(chat)
        self.realtime = realtime
        self.notify = Self.withoutSlash(notify)
        self.connectTimeout = connectTimeout
        self.requestTimeout = requestTimeout
        self.methods = methods
        self.realtimeApplication = realtimeApplication
    }

    /// The address of the live stream's socket: `wss` for `https`, `ws` for `http`, path and query as they are.
    public var socketURL: String {
        for (scheme, socketScheme) in [("https:", "wss:"), ("http:", "ws:")]
        where realtime.prefix(scheme.count).lowercased() == scheme {
            return socketScheme + realtime.dropFirst(scheme.count)
        }
        return realtime
    }

    /// The base address of a service.
    public func address(of service: TwinService) -> String {
        switch service {
        case .iam: iam
        case .chat: chat
        case .notify: notify
        }
    }

    private static func withoutSlash(_ address: String) -> String {
        address.hasSuffix("/") ? String(address.dropLast()) : address
    }
}

/// A part of an installation with an address of its own.
public enum TwinService: String, Hashable, Sendable, CustomStringConvertible {
    case iam, chat, notify

    public var description: String { rawValue }
}
