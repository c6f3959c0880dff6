public import LuaRuntime
public import Moonwire
import Synchronization

/// Loads Lua scripts for the engine.
///
/// This target knows the Lua API (one schema), how scripts are found and loaded, and how a run of a handler becomes
/// steps and outcomes. It knows nothing of sockets, journals or platforms: those are behind the core's protocols.
public final class LuaScriptLoader: ScriptLoader {
    public let environment: ScriptEnvironment
    private let watched: Mutex<[WeakActivity]> = Mutex([])

    private struct WeakActivity: Sendable {
        weak let activity: LuaActivity?
    }

    public init(_ environment: ScriptEnvironment) {
        self.environment = environment
    }

    /// Loads a version into a Lua state of its own and runs its entry file, which registers the handlers.
    public func instantiate(_ sources: ScriptSources) throws(ScriptFailure) -> any ScriptInstance {
        let script = try LuaScript(sources, environment)
        watched.withLock { watched in
            watched.removeAll { $0.activity == nil }
            watched.append(WeakActivity(activity: script.state.activity))
        }
        try script.load()
        return script
    }

    /// The states that are alive, for a watchdog on another thread: how long each has been inside Lua.
    public var activities: [LuaActivity] {
        watched.withLock { $0.compactMap(\.activity) }
    }
}
