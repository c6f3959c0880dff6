import Logging
import LuaRuntime
import Moonwire

/// One version of a script in a Lua state of its own: its registrations and its runs. Confined to one thread.
final class LuaScript: ScriptInstance {
    /// What the script may do at the moment.
    enum Phase {
        /// The files are being run; registrations are made.
        case loading
        case idle
        /// A pure function looks at an event.
        case filtering(EventContext)
        /// A pure function writes a broadcast's message.
        case writing(at: Instant)
        case running(ScriptRun)
    }

    let sources: ScriptSources
    let environment: ScriptEnvironment
    let state: LuaState
    let classes: APIClasses
    let prelude: Prelude
    let voice: ScriptVoice
    private let memoryLimit: Int
    var phase = Phase.loading
    var registrations = Registrations()
    var runs: [RunID: ScriptRun] = [:]
    /// The global `bot`.
    var bot: LuaObject?
    /// Secrets in use; an object's handle is its position here, from 1.
    var secrets: [String] = []
    /// What the script measures, so that it stays few things.
    var metricNames: Set<String> = []
    /// The last handle given to a described wait.
    var lastWait: Int64 = 0

    var handlers: [HandlerDescriptor] { registrations.handlers }

    /// Three quarters of its limit: what a run needs on top comes and goes with the run.
    var isShortOfMemory: Bool { state.memoryUsed > memoryLimit / 4 * 3 }

    init(_ sources: ScriptSources, _ environment: ScriptEnvironment) throws(ScriptFailure) {
        guard sources.level <= LuaAPI.level else {
            throw ScriptFailure(
                kind: .syntax,
                message:
                    "\(sources.script): version \(sources.version) was recorded with level \(sources.level) of the Lua "
                    + "API, and this release knows levels up to \(LuaAPI.level); run it with the release that recorded it"
            )
        }
        self.sources = sources
        self.environment = environment
        let voice = ScriptVoice()
        self.voice = voice
        let configuration = Self.configuration(sources, environment, voice)
        memoryLimit = configuration.memoryLimit
        do {
            state = try LuaState(configuration)
            classes = try APIClasses(state)
            prelude = try Prelude(state)
        } catch {
            throw ScriptFailure(error)
        }
    }

    func reclaimMemory() { state.collectGarbage() }

    var hasDialogsThatLeave: Bool { registrations.dialogs.contains { $0.onReload != .finish } }

    private static func configuration(
        _ sources: ScriptSources, _ environment: ScriptEnvironment, _ voice: ScriptVoice
    ) -> LuaConfiguration {
        let limits = environment.limits[sources.script] ?? environment.defaultLimits
        let zone = ScriptTimeZone(environment.timeZone)
        let logger = environment.logger
        let script = sources.script
        let files = sources.files
        var configuration = LuaConfiguration()
        configuration.memoryLimit = limits.memory
        configuration.cpuBudget = limits.cpu
        configuration.maximumStringBytes = limits.stringBytes
        configuration.scriptName = sources.entry
        configuration.timeZone = { zone.offset(at: $0) }
        configuration.log = { line in
            if !voice.isMuted { logger.info("\(line)", metadata: ["script.name": "\(script)"]) }
        }
        configuration.module = { module in
            for file in ModuleName.files(module) {
                if let source = files[file] { return LuaSource(file: file, text: source) }
            }
            return nil
        }
        return configuration
    }

    /// Runs the entry file.
    func load() throws(ScriptFailure) {
        classes.fill(for: self)
        prelude.fill(for: self)
        guard let source = sources.files[sources.entry] else {
            throw ScriptFailure(kind: .syntax, message: "\(sources.entry): the script has no such file")
        }
        do {
            state.setGlobal("bot", .object(try makeBot()))
            let chunk = try state.load(source, file: sources.entry)
            try chunk.call(purpose: "the top level of a file, which only registers")
            try registrations.finish(with: prelude)
        } catch {
            throw ScriptFailure(error)
        }
        try checkUndeclaredSettings()
        try registrations.checkBroadcasts()
        phase = .idle
    }

    /// What the script looks at or works on.
    var context: EventContext? {
        switch phase {
        case .loading, .idle, .writing: nil
        case .filtering(let context): context
        case .running(let run): run.context
        }
    }
}

extension ScriptFailure {
    init(_ error: LuaError) {
        let kind: Kind =
            switch error.code {
            case .syntax, .bytecode: .syntax
            case .memory: .memory
            case .cpu: .cpu
            case .killed, .interrupted, .closed: .killed
            default: .runtime
            }
        self.init(kind: kind, message: error.description, traceback: error.traceback)
    }
}
