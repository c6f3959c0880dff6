public import EventJSON

/// One event of the live stream: what a publication holds.
///
/// The platform publishes the payload of one event only, so any id may be missing and none is guessed: see `missesID`.
public struct TwinEvent: Sendable {
    /// What happened. A name that is not known here is kept as it came.
    public let name: Name
    /// The name as the platform wrote it, which may differ in case, or end in `Emit`.
    public let nativeName: String
    public let sessionID: String?
    public let messageID: String?
    /// The operator that the event names, or whose the session is.
    public let operatorID: String?
    public let clientID: String?
    public let content: Content
    /// Whether an id is missing without which nothing can be done. Read the sessions again, but not often.
    public let missesID: Bool
    /// What two deliveries of one event have in common; nil for events that may repeat. One event may come through two
    /// channels, and again after a reconnect.
    public let duplicateKey: String?
    /// The publication's data as the platform sent them, compact, with `"***"` in place of every token.
    public let redactedPayload: [UInt8]

    /// What the event is about.
    public enum Content: Sendable {
        case session(TwinSession)
        case message(TwinMessage)
        /// When a client read a message, where the event says so.
        case read(at: TwinTime?)
        case typing(TwinTyping)
        /// The seat itself: see `TwinEvent.concerns(operator:)`.
        case seat
        /// The client came or went.
        case presence
        /// Of a name that is not known here, or without the ids that its name asks for.
        case other
    }

    /// Reads the data of a publication, in one parse.
    ///
    /// Throws `JSONError` when they are not JSON. Data of any other shape are an event without a name.
    public init(publication: [UInt8], parser: JSONParser) throws {
        self = try parser.parse(publication) { TwinEvent($0) }
    }

    init(_ root: JSONElement) {
        nativeName = root.text("event") ?? ""
        name = Name(native: nativeName)
        redactedPayload = TwinRedaction.payload(root)
        let payload = TwinEventPayload(name, nativeName.isEmpty ? nil : root["data"] ?? root)
        sessionID = payload.sessionID
        messageID = payload.messageID
        clientID = payload.clientID
        content = payload.content
        operatorID = payload.operatorID
        missesID =
            switch name.subject {
            case .session, .typing: sessionID == nil
            case .message: sessionID == nil || messageID == nil
            case .read: messageID == nil
            case .presence: sessionID == nil && clientID == nil
            case .seat, .unknown: false
            }
        duplicateKey = Self.duplicateKey(name, nativeName, sessionID, messageID, redactedPayload)
    }

    /// Whether the event is for this operator. The stream is personal, so an event about the seat that names nobody is;
    /// one that names another operator is not.
    public func concerns(operator id: String) -> Bool {
        !isOfSeat || operatorID == nil || operatorID == id
    }

    /// Whether the event is about the operator's own account.
    public var isOfSeat: Bool { name.subject == .seat }

    private static func duplicateKey(
        _ name: Name, _ nativeName: String, _ sessionID: String?, _ messageID: String?, _ payload: [UInt8]
    ) -> String? {
        switch (name, messageID) {
        case (.typing, _), (.clientOnline, _), (.clientOffline, _): return nil
        case (.chatMessageCreated, let id?): return "\(name):\(id)"
        default:
            let parts = [name.rawValue, sessionID ?? "", messageID ?? "", String(digest(payload), radix: 16)]
            return parts.joined(separator: ":")
        }
    }

    /// FNV-1a, the same on every machine and in every run.
    private static func digest(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
