public import LuaRuntime
public import Moonwire
import Synchronization

/// Loads Lua scripts for the engine.
///
/// This target knows the Lua API (one schema), how scripts are found and loaded, and how a run of a handler becomes
/// steps and outcomes. It knows nothing of sockets, journals or platforms: those are behind the core's protocols.
public final class LuaScriptLoader: ScriptLoader {
    private let lent: Mutex<ScriptEnvironment>
    private let watched: Mutex<[WeakActivity]> = Mutex([])

    private struct WeakActivity: Sendable {
        weak let activity: LuaActivity?
    }

    public init(_ environment: ScriptEnvironment) {
        lent = Mutex(environment)
    }

    /// What scripts that are loaded from now on get.
    public var environment: ScriptEnvironment { lent.withLock { $0 } }

    /// Tells where a script lives and what it may use: for its versions that are loaded from now on.
    public func place(_ script: String, folder: String, limits: ScriptLimits) {
        lent.withLock { environment in
            environment.folders[script] = folder
            environment.limits[script] = limits
        }
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
