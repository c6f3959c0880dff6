import EventJSON
import Foundation
import Logging
import Moonwire

/// Log lines for machines: one JSON object a line, with `time`, `level`, `message` and the metadata beside them.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.info
    private let terminal = Terminal(.error)

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.beginObject()
        writer.key("time")
        writer.value(Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        writer.key("level")
        writer.value(event.level.rawValue)
        writer.key("message")
        writer.value(event.message.description)
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            writer.key(name: key)
            writer.value("\(value)")
        }
        writer.endObject()
        terminal.line(String(decoding: writer.bytes, as: UTF8.self))
    }
}
