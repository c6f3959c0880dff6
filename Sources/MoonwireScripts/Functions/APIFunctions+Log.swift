import Logging
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let log: [String: Implementation] = [
        "bot.log.debug": { call in try call.log(.debug) },
        "bot.log.info": { call in try call.log(.info) },
        "bot.log.warn": { call in try call.log(.warning) },
        "bot.log.error": { call in try call.log(.error) },
    ]
}

extension APICall {
    fileprivate func log(_ level: Logger.Level) throws -> LuaReturn {
        guard script.environment.logger.logLevel <= level else { return .nothing }
        var fields: [(String, String)] = []
        for entry in try value(1).table?.entries ?? [] { fields.append((entry.key.printed, entry.value.printed)) }
        script.log(level, try value(0).printed, location, fields)
        return .nothing
    }
}

extension LuaScript {
    /// A line of the script, with where it stands and what it works on.
    func log(_ level: Logger.Level, _ line: String, _ location: String, _ fields: [(String, String)] = []) {
        let logger = environment.logger
        guard logger.logLevel <= level, !voice.isMuted else { return }
        var metadata: Logger.Metadata = [
            "script.name": "\(sources.script)", "script.location": "\(location)",
        ]
        for (name, value) in fields { metadata["script." + name] = "\(value)" }
        if let context {
            metadata["channel.id"] = "\(context.channel)"
            if let session = context.sessionID { metadata["session.id"] = "\(session)" }
        }
        if case .running(let run) = phase { metadata["run.id"] = "\(run.id)" }
        logger.log(level: level, "\(line)", metadata: metadata)
    }
}
