public import EventJSON

/// Takes secrets out of what the platform sent, before anyone stores or shows it.
public enum ChatwootRedaction {
    /// The members whose values are secrets. Source ids and inbox identifiers together open the client API.
    public static let secretKeys: JSONKeys = JSONKeys(keyNames)

    static let keyNames = [
        "pubsub_token", "access_token", "api_access_token", "hmac_token", "identifier_hash", "source_id",
        "inbox_identifier", "channel_identifier",
    ]

    /// Any payload as compact JSON without secrets.
    public static func payload(_ element: JSONElement) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 2048)
        element.write(to: &writer, redacting: secretKeys)
        return writer.bytes
    }

    /// The `message` member of a frame without secrets.
    ///
    /// `frame` holds the bytes that `root` was parsed from, so it is valid JSON. Where the frame has the form that
    /// Rails gives it, the message is copied from it in one pass; any other form goes the general way.
    static func message(of frame: [UInt8], root: JSONElement, message: JSONElement) -> [UInt8] {
        if root.count == 2, root["identifier"] != nil {
            let copied = frame.withUnsafeBytes { SecretSkippingCopy(bytes: $0).run() }
            if let copied { return copied }
        }
        return payload(message)
    }
}
