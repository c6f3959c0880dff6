import EventJSON

/// The frames a client sends.
enum CableCommand {
    static func subscribe(_ identifier: String) -> [UInt8] { bytes("subscribe", identifier) }

    static func unsubscribe(_ identifier: String) -> [UInt8] { bytes("unsubscribe", identifier) }

    static func message(_ identifier: String, data: String) -> [UInt8] { bytes("message", identifier, data) }

    private static func bytes(_ command: String, _ identifier: String, _ data: String? = nil) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("command")
        writer.value(command)
        writer.key("identifier")
        writer.value(identifier)
        if let data {
            writer.key("data")
            writer.value(data)
        }
        writer.endObject()
        return writer.bytes
    }
}
