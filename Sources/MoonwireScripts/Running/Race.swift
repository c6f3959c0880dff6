import EventJSON
import LuaRuntime
import Moonwire

/// A wait that a script described for `bot.any`.
struct DescribedWait {
    enum Condition {
        case event(EventFilter)
        case time(Duration)
    }

    let condition: Condition
    /// As the journal shows it.
    let arguments: RawJSON
}

/// The waits that a run has described, by the handles of their objects. Equal ones share a handle.
struct DescribedWaits {
    private var waits: [Int64: DescribedWait] = [:]
    private var handles: [[UInt8]: Int64] = [:]
    /// They are held outside of the script's memory limit.
    private static let most = 1000

    var isFull: Bool { waits.count >= Self.most }

    subscript(handle: Int64) -> DescribedWait? { waits[handle] }

    /// - Parameter next: gives a handle that no other run of the script has.
    mutating func add(_ wait: DescribedWait, next: () -> Int64) -> Int64 {
        let key = wait.arguments.bytes
        if let handle = handles[key] { return handle }
        let handle = next()
        handles[key] = handle
        waits[handle] = wait
        return handle
    }
}

/// A `bot.any` under way.
struct Race {
    struct Entry {
        let name: LuaValue
        let filter: EventFilter
    }

    /// In the order of their names, in which they are compared with an event.
    var entries: [Entry] = []
    /// The name of the shortest timer.
    var timer: LuaValue?
    var timeout: Duration?
}

extension LuaScript {
    /// Tells which wait of a race has ended.
    func finish(
        _ race: Race, with result: StepOutcome.Result, _ run: ScriptRun, _ coroutine: LuaCoroutine
    ) -> RunProgress {
        run.race = nil
        switch result {
        case .event(let event):
            let text = FoldedText(event.event.message?.text ?? "")
            guard let entry = race.entries.first(where: { $0.filter.matches(event.event, text: text, now: nil) }) else {
                let error = LuaErrorObject(
                    code: "error", message: "none of the waits takes the event \(event.event.name)")
                return progress(run, coroutine.resume(raising: error))
            }
            let object = eventObject(event.body, session: run.session, channel: run.context.channel)
            return progress(run, coroutine.resume(with: [.value(entry.name), object]))
        case .value: return timeIsUp(race, run, coroutine)
        case .none(reason: "timeout"): return timeIsUp(race, run, coroutine)
        case .none(let reason): return progress(run, coroutine.resume(with: [.nil, .text(reason)]))
        case .failure(let failure): return progress(run, coroutine.resume(raising: LuaErrorObject(failure)))
        }
    }

    private func timeIsUp(_ race: Race, _ run: ScriptRun, _ coroutine: LuaCoroutine) -> RunProgress {
        guard let timer = race.timer else { return progress(run, coroutine.resume(with: [.nil, .text("timeout")])) }
        return progress(run, coroutine.resume(with: [.value(timer), .value(.boolean(true))]))
    }
}
