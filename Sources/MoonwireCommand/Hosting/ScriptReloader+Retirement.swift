import Moonwire

extension ScriptReloader {
    /// Ends the waiting runs of a version.
    ///
    /// - Parameters:
    ///   - version: A version or an unambiguous beginning of it.
    ///   - isForced: Whether that may be a version that new runs begin on.
    /// - Throws: `HostError`.
    func retire(
        _ version: String, as retirement: Retirement, isForced: Bool
    ) async throws(HostError) -> ScriptRetirement {
        await takeTurn()
        defer { giveTurn() }
        let reports = try await reports(of: nil)
        let target = try VersionName(version).match(in: reports.map(\.version))
        let report = reports.first { $0.version == target }
        let script = report?.script ?? ""
        if !isForced, current.contains(where: { $0.version == target }) {
            throw HostError(
                "\(script): version \(ScriptReload.short(target)) is the current one: its new runs would end at their "
                    + "first wait. Roll back or reload first, or say --force", isWrongInput: true)
        }
        do {
            let found = try await engine.retire(target, as: retirement)
            // Runs in memory may have ended before the engine counted.
            let runs = max(found, report?.waiting ?? 0)
            return ScriptRetirement(script: script, version: target, runs: runs, handsOver: retirement == .handsOver)
        } catch {
            throw HostError("\(script): version \(ScriptReload.short(target)) cannot be retired: \(error)")
        }
    }
}

/// What came of retiring a version.
struct ScriptRetirement: Codable, Sendable, Equatable {
    let script: String
    let version: String
    /// How many runs waited on it.
    let runs: Int
    /// Whether their sessions go to humans.
    let handsOver: Bool

    /// One line for a person.
    var sentence: String {
        let count =
            switch runs {
            case 0: "no run waits on it"
            case 1: "1 waiting run ends"
            default: "\(runs) waiting runs end"
            }
        let fate = runs > 0 && handsOver ? ", and a human gets each session that the bot has in hand" : ""
        return "\(script): version \(ScriptReload.short(version)) is retired; \(count)\(fate)"
    }
}
