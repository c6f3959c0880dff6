import LuaRuntime
import Moonwire

extension APIFunctions {
    static let waiting: [String: Implementation] = [
        "session:wait_for": { call in
            let run = try call.runOfReceiver()
            let options = call.options(1)
            let timeout = options.duration("timeout")
            var arguments = CanonicalArguments()
            let filter = try call.waitFilter(options, &arguments)
            arguments.add("timeout_ms", timeout?.milliseconds)
            return call.wait(for: [filter], timeout: timeout, arguments, .nothing, in: run)
        },
        "session:next": { call in
            let run = try call.runOfReceiver()
            var arguments = CanonicalArguments()
            let filter = try call.waitFilter(call.options(1), &arguments)
            return try call.describe(DescribedWait(condition: .event(filter), arguments: arguments.json), in: run)
        },
        "bot.after": { call in
            let duration = try call.duration(0) ?? .zero
            var arguments = CanonicalArguments()
            arguments.add("after_ms", duration.milliseconds)
            return try call.describe(
                DescribedWait(condition: .time(duration), arguments: arguments.json), in: try call.run())
        },
        "bot.any": { call in
            let run = try call.run()
            var arguments = CanonicalArguments()
            let race = try call.race(in: run, &arguments)
            let result = call.wait(
                for: race.entries.map(\.filter), timeout: race.timeout, arguments, .nothing, in: run)
            if case .suspend = result { run.race = race }
            return result
        },
    ]
}

extension APICall {
    /// Suspends until one of the events or the time has come; where the run's dialog is over, it says why at once.
    func wait(
        for events: [EventFilter], timeout: Duration?, _ arguments: CanonicalArguments, _ reader: OutcomeReader,
        in run: ScriptRun
    ) -> LuaReturn {
        if let reason = run.dialogs.reason(at: run.at) { return .values([.nil, .text(reason)]) }
        let wait = Wait(events: events, timeout: timeout, dialog: run.dialogs.terms)
        return suspend(.wait(wait), arguments, session: run.session?.id, reader, in: run)
    }

    /// The event that a wait names with its first argument, and what its options say of it.
    fileprivate func waitFilter(_ options: APIOptions, _ arguments: inout CanonicalArguments) throws -> EventFilter {
        let event = text(0)
        var filter = try eventFilter(options, event: event)
        filter.maxAge = nil
        arguments.add("event", event)
        for name in ["from", "words", "text", "attachment"] where options.has(name) {
            arguments.add(option: name, json: try options.value(name).json())
        }
        return filter
    }

    fileprivate func describe(_ wait: DescribedWait, in run: ScriptRun) throws -> LuaReturn {
        guard let waitClass = script.classes["wait"] else { return .nothing }
        guard !run.waits.isFull else { throw complaint("the run has described too many different waits") }
        let handle = run.waits.add(wait) {
            script.lastWait += 1
            return script.lastWait
        }
        return .value(.new(waitClass, LuaObjectContent(handle: handle, label: wait.arguments.text)))
    }

    /// The waits of the argument, numbered ones first, then by name.
    fileprivate func race(in run: ScriptRun, _ arguments: inout CanonicalArguments) throws -> Race {
        let entries = try value(0).entries ?? []
        guard !entries.isEmpty else { throw complaint("at least one wait is needed, such as session:next(…)") }
        var race = Race()
        var described: [(name: LuaValue, wait: DescribedWait)] = []
        for entry in entries {
            let name = entry.key
            guard let handle = entry.value.object?.handle, let wait = run.waits[handle] else {
                throw complaint("the wait \(name.words) belongs to another run; describe it where it is used")
            }
            switch wait.condition {
            case .event(let filter): race.entries.append(Race.Entry(name: name, filter: filter))
            case .time(let duration):
                if race.timeout.map({ duration < $0 }) ?? true { (race.timer, race.timeout) = (name, duration) }
            }
            described.append((name, wait))
        }
        do {
            try arguments.add("waits", described)
        } catch {
            throw complaint("a name cannot be written as JSON: \(error.reason)")
        }
        arguments.add("timeout_ms", race.timeout?.milliseconds)
        return race
    }
}
