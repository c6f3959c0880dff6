import EventJSON
import Foundation

extension JobDeclaration {
    /// What the journal keeps of a declaration: one JSON object.
    public var journalBytes: [UInt8] {
        var members = JSONObject()
        switch schedule {
        case .every(let length): members["every"] = .int(length.milliseconds)
        case .unreadable(let source, _): return Array(source.utf8)
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

    /// Reads back what `journalBytes` gave. What is not understood here is kept as it was written: it must not keep the
    /// host from its other jobs, nor the script from declaring the job anew.
    public init(name: String, journalBytes: [UInt8]) {
        let source = String(decoding: journalBytes, as: UTF8.self)
        let members: JSON
        let schedule: Schedule
        do {
            members = try JSON(parsing: journalBytes)
            schedule = try Self.schedule(members)
        } catch {
            self.init(name: name, schedule: .unreadable(source: source, reason: "\(error)"), location: "")
            return
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

    private static func schedule(_ members: JSON) throws -> Schedule {
        if let cron = members["cron"]?.string {
            return .cron(try CronExpression(cron), try TimeZone(named: members["tz"]?.string ?? "UTC"))
        }
        if let length = members["every"]?.int, length > 0 { return .every(.milliseconds(length)) }
        throw ScheduleError("it has neither a period nor a cron expression")
    }
}
