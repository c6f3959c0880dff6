public import LuaRuntime
public import Moonwire

/// A run that was rebuilt to be looked at.
public struct RunInspection: Sendable {
    public let end: RunReplay.End
    /// Where the script stands, innermost first; empty unless it is suspended.
    public let frames: [LuaFrame]
}

extension LuaScriptLoader {
    /// Rebuilds a run in a fresh state with its recorded outcomes and looks at where it stands. Performs no effect and
    /// writes nothing; what the script logs on the way it does not say again.
    ///
    /// - Parameter sources: The run's own version.
    /// - Throws: The failure of sources that do not load here.
    public func inspect(_ run: RunLife, sources: ScriptSources) throws(ScriptFailure) -> RunInspection {
        let script = try LuaScript(sources, environment)
        try script.load()
        var replay = RunReplay(run, in: script)
        let end = replay.execute()
        guard case .suspended = end else { return RunInspection(end: end, frames: []) }
        let frames = script.runs[run.record.id]?.coroutine?.frames() ?? []
        return RunInspection(end: end, frames: frames.filter { $0.file != Prelude.file })
    }
}
