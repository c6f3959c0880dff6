import Logging

/// Writes what becomes of scripts into the log, one line for each.
struct ReloadLog: Sendable {
    let logger: Logger

    func tell(_ reload: ScriptReload) {
        var metadata: Logger.Metadata = ["script": "\(reload.script)"]
        if let version = reload.version { metadata["version"] = "\(version)" }
        if let previous = reload.previous { metadata["previous"] = "\(previous)" }
        if let runs = reload.runsOnPrevious { metadata["runs_on_previous"] = "\(runs)" }
        if let error = reload.error { metadata["error"] = "\(error)" }
        if let disk = reload.rolledBackFrom { metadata["rolled_back_from"] = "\(disk)" }
        switch reload.outcome {
        case .live where reload.rolledBackFrom != nil:
            logger.warning("A script was rolled back; its file counts again when it changes", metadata: metadata)
        case .live: logger.notice("A new version of a script is live", metadata: metadata)
        case .removed: logger.notice("A script was removed", metadata: metadata)
        case .failed: logger.error("A script was not reloaded", metadata: metadata)
        case .unchanged:
            logger.warning("A rollback is in force; the script's file counts when it changes", metadata: metadata)
        }
    }
}
