import Moonwire

/// What became of one script at a reload or a rollback, for people, logs and machines.
struct ScriptReload: Codable, Sendable, Equatable {
    enum Outcome: String, Codable, Sendable {
        /// A new version takes new runs.
        case live
        case unchanged
        /// It could not be read or loaded; the version before goes on.
        case failed
        /// Its file is gone; waiting runs end on the version they began on.
        case removed
    }

    let script: String
    let outcome: Outcome
    /// The version that new runs begin on now, if there is one.
    var version: String?
    /// The version that they began on before.
    var previous: String?
    /// How many runs finish on the version before.
    var runsOnPrevious: Int?
    /// With file and line, where there is one.
    var error: String?
    /// The version on the disk, when another runs because of a rollback.
    var rolledBackFrom: String?

    /// One line for a person.
    var sentence: String {
        let current = version.map(Self.short) ?? "none"
        switch outcome {
        case .live:
            guard let previous else { return "\(script): version \(current) is live" }
            return "\(script): version \(current) is live; \(Self.rest(runsOnPrevious, on: previous))"
        case .unchanged:
            guard let rolledBackFrom else { return "\(script): unchanged, version \(current)" }
            return
                "\(script): unchanged, version \(current), rolled back from \(Self.short(rolledBackFrom)) on the disk"
        case .failed:
            let rest = version == nil ? "no version of it runs" : "version \(current) goes on"
            return "\(script): \(error ?? "failed"); \(rest)"
        case .removed:
            return "\(script): removed" + (previous.map { "; " + Self.rest(runsOnPrevious, on: $0) } ?? "")
        }
    }

    private static func rest(_ runs: Int?, on version: String) -> String {
        switch runs ?? 0 {
        case 0: "no run is left on \(short(version))"
        case 1: "1 run finishes on \(short(version))"
        case let runs: "\(runs) runs finish on \(short(version))"
        }
    }

    /// As much of a version's hash as people compare.
    static func short(_ version: String) -> String {
        version.count > 8 ? version.prefix(8) + "…" : version
    }
}
