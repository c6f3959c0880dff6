import EventJSON
import Foundation

extension JobDeclaration {
    /// What the journal keeps of a declaration: one JSON object.
    public var journalBytes: [UInt8] {
        var members = JSONObject()
        switch schedule {
        case .every(let length): members["every"] = .int(length.milliseconds)
        case .cron(let expression, let zone):
            members["cron"] = .string(expression.description)
            members["tz"] = .string(zone.identifier)
        }
        members["misfire"] = .string(terms.misfire.rawValue)
        members["grace"] = terms.grace.map { .int($0.milliseconds) } ?? .null
        members["overlap"] = .string(terms.overlap.rawValue)
        members["jitter"] = .int(terms.jitter.milliseconds)
        members["at"] = .string(location)
        return JSON.object(members).bytes
    }

    /// Reads back what `journalBytes` gave.
    ///
    /// - Throws: `ScheduleError` for a schedule that this release does not understand; `JSONError` for bytes that are no
    ///   JSON.
    public init(name: String, journalBytes: [UInt8]) throws {
        let members = try JSON(parsing: journalBytes)
        let schedule: Schedule
        if let cron = members["cron"]?.string {
            schedule = .cron(try CronExpression(cron), try TimeZone(named: members["tz"]?.string ?? "UTC"))
        } else if let length = members["every"]?.int {
            schedule = .every(.milliseconds(length))
        } else {
            throw ScheduleError("the job '\(name)' has no schedule")
        }
        self.init(
            name: name, schedule: schedule,
            terms: JobTerms(
                misfire: members["misfire"]?.string.flatMap(JobTerms.Misfire.init(rawValue:)) ?? .skip,
                grace: members["grace"]?.int.map { .milliseconds($0) },
                overlap: members["overlap"]?.string.flatMap(JobTerms.Overlap.init(rawValue:)) ?? .skip,
                jitter: .milliseconds(members["jitter"]?.int ?? 0)),
            location: members["at"]?.string ?? "")
    }
}
