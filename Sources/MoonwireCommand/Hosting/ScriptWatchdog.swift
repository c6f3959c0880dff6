import Logging
import LuaRuntime
import MoonwireScripts

/// Looks from another thread at how long each script has been inside Lua. A script ends at its CPU budget by itself;
/// one that is still there long after is stuck in a library call, and is told of and interrupted at its next
/// instruction.
struct ScriptWatchdog: Sendable {
    let loader: LuaScriptLoader
    let logger: Logger
    /// Well above any CPU budget.
    private let limit: Duration = .seconds(5)

    init(loader: LuaScriptLoader, logger: Logger) {
        self.loader = loader
        self.logger = logger
    }

    func run() async {
        while (try? await Task.sleep(for: .seconds(1))) != nil {
            for activity in loader.activities {
                guard let time = activity.timeInLua, time > limit else { continue }
                logger.critical(
                    "A script is stuck; it is interrupted, and its lane waits for it",
                    metadata: ["script": "\(activity.scriptName)", "seconds": "\(time.components.seconds)"])
                activity.interrupt()
            }
        }
    }
}
