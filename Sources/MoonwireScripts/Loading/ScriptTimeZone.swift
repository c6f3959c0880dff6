import Foundation
import LuaRuntime

/// The zone of `os.date`.
struct ScriptTimeZone: Sendable {
    private let zone: TimeZone?

    /// An unknown name counts as UTC; the configuration refuses it before.
    init(_ name: String) {
        zone = name == "UTC" ? nil : TimeZone(identifier: name)
    }

    static func isKnown(_ name: String) -> Bool { name == "UTC" || TimeZone(identifier: name) != nil }

    func offset(at seconds: Int64) -> LuaTimeZone {
        guard let zone else { return .utc }
        let date = Date(timeIntervalSince1970: Double(seconds))
        return LuaTimeZone(
            secondsEast: zone.secondsFromGMT(for: date), isDaylightSaving: zone.isDaylightSavingTime(for: date),
            abbreviation: zone.abbreviation(for: date) ?? "")
    }
}
