import Logging
import MoonwireConfiguration

/// Makes loggers as the configuration asks.
struct LogSetup: Sendable {
    let section: HostConfiguration.LogSection

    func logger(_ label: String) -> Logger {
        let isText: Bool =
            switch section.format {
            case .text: true
            case .json: false
            case .auto: Terminal(.error).isTerminal
            }
        var logger = Logger(label: label) { _ -> any LogHandler in isText ? TextLogHandler() : JSONLogHandler() }
        logger.logLevel = Logger.Level(rawValue: section.level.rawValue) ?? .info
        return logger
    }
}
