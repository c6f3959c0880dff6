import Foundation
import Logging

/// Log lines for a person at a terminal: time, level, message, then what the line is about.
struct TextLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel = Logger.Level.info
    private let terminal = Terminal(.error)

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = Date().formatted(Date.ISO8601FormatStyle(timeZone: .current).time(includingFractionalSeconds: false))
        var line = terminal.colour(time, .grey) + " " + mark(of: event.level) + " " + event.message.description
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += " " + terminal.colour("\(key)=\(value)", .grey)
        }
        terminal.line(line)
    }

    private func mark(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: terminal.colour("debug", .grey)
        case .info, .notice: terminal.colour("info ", .blue)
        case .warning: terminal.colour("warn ", .yellow)
        case .error, .critical: terminal.colour("error", .red)
        }
    }
}
