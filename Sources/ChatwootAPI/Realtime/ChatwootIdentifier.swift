internal import EventJSON

/// What a subscription to the realtime stream is known by: a JSON text that holds the token.
///
/// Made once and used as it is: with another order of keys the server would take it for another subscription.
public struct ChatwootIdentifier: Hashable, Sendable {
    /// The text for `CableClient.subscribe`. A credential.
    public let exposed: String

    /// The stream of one contact session.
    public static func contact(_ token: ChatwootSecret, channel: String = "RoomChannel") -> ChatwootIdentifier {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("channel")
        writer.value(channel)
        writer.key("pubsub_token")
        writer.value(token.exposed)
        writer.endObject()
        return ChatwootIdentifier(exposed: String(decoding: writer.bytes, as: UTF8.self))
    }

    /// The stream of one operator in one account.
    public static func user(
        _ token: ChatwootSecret, account: Int, user: Int, channel: String = "RoomChannel"
    ) -> ChatwootIdentifier {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("channel")
        writer.value(channel)
        writer.key("pubsub_token")
        writer.value(token.exposed)
        writer.key("account_id")
        writer.value(account)
        writer.key("user_id")
        writer.value(user)
        writer.endObject()
        return ChatwootIdentifier(exposed: String(decoding: writer.bytes, as: UTF8.self))
    }

    /// What a subscription may perform: say that it is there, and ask who else is.
    public static let updatePresence = #"{"action":"update_presence"}"#
}

extension ChatwootIdentifier: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "***" }
    public var debugDescription: String { "***" }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
