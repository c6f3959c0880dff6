import Foundation
import LuaRuntime
import Moonwire

extension APIFunctions {
    static let jobs: [String: Implementation] = [
        "bot.job": { call in
            try call.registerJob()
            return .nothing
        },
        "bot.hours": { call in try call.makeHours() },
        "hours:open": { call in
            let (hours, at) = try call.hoursAndTime()
            return .value(.value(.boolean(hours.isOpen(at: at))))
        },
        "hours:next_open": { call in
            let (hours, at) = try call.hoursAndTime()
            guard let next = hours.nextOpen(from: at) else { return .value(.nil) }
            return .value(.value(.number(next.seconds)))
        },
    ]
}

extension APICall {
    fileprivate func registerJob() throws {
        let name = text(0)
        let options = options(1)
        guard !name.isEmpty, name.utf8.count <= 100, name.allSatisfy({ !$0.isWhitespace && $0 != ":" }) else {
            throw complaint("'name' must have 1 to 100 bytes, no spaces and no colons, got \"\(name)\"")
        }
        let misfire = options.text("misfire").flatMap(JobTerms.Misfire.init(rawValue:)) ?? .skip
        let overlap = options.text("overlap").flatMap(JobTerms.Overlap.init(rawValue:)) ?? .skip
        let schedule = try schedule(options)
        let (grace, jitter) = (options.duration("grace"), options.duration("jitter") ?? .zero)
        guard jitter <= schedule.shortestDistance else {
            throw complaint(
                "option 'jitter' must not be longer than the \(Schedule.spelled(schedule.shortestDistance)) from one due "
                    + "time to the next")
        }
        // A tick begins some milliseconds after it is due.
        guard grace.map({ $0 >= .seconds(1) }) ?? true else {
            throw complaint(
                "option 'grace' must be at least a second: no tick begins in the very instant in which it is due")
        }
        let declaration = JobDeclaration(
            name: name, schedule: schedule,
            terms: JobTerms(misfire: misfire, grace: grace, overlap: overlap, jitter: jitter), location: location)
        let event = TickID.eventName(of: name)
        var filter = EventFilter(events: [event])
        filter.from = .any
        filter.anyOwner = true
        filter.maxAge = nil
        do {
            try script.registrations.add(
                .event, subject: event, name: event, dialog: nil, filter: filter, priority: 0, location: location,
                handler: Registrations.Handler(function: try luaFunction(2), filter: nil), job: declaration)
        } catch let problem as RegistrationProblem {
            throw complaint(problem.description)
        }
    }

    private func schedule(_ options: APIOptions) throws -> Schedule {
        switch (options.duration("every"), options.text("cron")) {
        case (let every?, nil):
            guard every >= .seconds(1), every.milliseconds % 1000 == 0 else {
                throw complaint("option 'every' must be whole seconds, at least one")
            }
            guard !options.has("tz") else {
                throw complaint("option 'tz' goes with 'cron': what comes every so often is the same in all zones")
            }
            return .every(every)
        case (nil, let cron?):
            return .cron(try expression(cron), try zone(options))
        case (nil, nil):
            throw complaint("option 'every' or 'cron' is missing: every = \"15m\", or cron = \"0 9 * * mon-fri\"")
        case (_?, _?): throw complaint("options 'every' and 'cron' exclude each other")
        }
    }

    private func expression(_ cron: String) throws -> CronExpression {
        do {
            return try CronExpression(cron)
        } catch {
            throw complaint("option 'cron': \(error.description)")
        }
    }

    /// The zone that is named, or the configured one.
    private func zone(_ options: APIOptions) throws -> TimeZone {
        do {
            return try TimeZone(named: options.text("tz") ?? script.environment.timeZone)
        } catch {
            throw complaint("option 'tz': \(error.description)")
        }
    }

    fileprivate func makeHours() throws -> LuaReturn {
        let name = text(0)
        guard !name.isEmpty else { throw complaint("'name' must not be empty") }
        guard !script.registrations.hours.contains(where: { $0.name == name }) else {
            throw complaint("there are hours called '\(name)' already")
        }
        let options = options(1)
        var hours = BusinessHours(zone: try zone(options))
        do {
            for entry in options.value("days").table?.entries ?? [] {
                try hours.set(days: entry.key.printed, spans(entry.value))
            }
            let holidays = options.value("holidays")
            for date in holidays.array ?? [] { try hours.set(holiday: date.printed, []) }
            for entry in holidays.table?.entries ?? [] where holidays.array == nil {
                try hours.set(holiday: entry.key.printed, spans(entry.value))
            }
        } catch let error as ScheduleError {
            throw complaint(error.description)
        }
        guard hours.isEverOpen else { throw complaint("these hours are never open") }
        script.registrations.hours.append((name, hours))
        guard let hoursClass = script.classes["hours"] else { return .nothing }
        return .value(.new(hoursClass, LuaObjectContent(handle: Int64(script.registrations.hours.count), label: name)))
    }

    private func spans(_ value: LuaValue) throws -> [String] {
        if let flag = value.boolean {
            guard !flag else { throw complaint("hours are a text such as \"09:00-17:00\", or false for closed") }
            return []
        }
        return (value.array?.map(\.printed) ?? [value.printed]).flatMap { text in
            text.split(separator: ",").map { String($0) }
        }
    }

    fileprivate func hoursAndTime() throws -> (BusinessHours, Instant) {
        let index = Int(clamping: lua.handle) - 1
        guard script.registrations.hours.indices.contains(index) else { throw complaint("these hours are not known") }
        let given = try value(0).number.map { Instant(seconds: $0) }
        return (script.registrations.hours[index].hours, given ?? script.context?.at ?? Instant(milliseconds: 0))
    }
}

extension LuaScript {
    /// What a job's function is called with.
    func tickObject(_ event: AdmittedEvent) -> LuaArgument {
        guard let tickClass = classes["tick"] else { return .nil }
        return .new(tickClass, LuaObjectContent(fields: event.body.raw.bytes))
    }
}
