import LuaRuntime

extension LuaScript {
    /// Begins a dialog for the prelude: gives the frame and whether the first argument is an event, as a handler gets
    /// it, or nil and what is wrong.
    func enterDialog(_ number: Int, _ call: LuaCall) -> LuaReturn {
        guard registrations.dialogs.indices.contains(number) else { return .values([.nil, .text("no such dialog")]) }
        let dialog = registrations.dialogs[number]
        guard case .running(let run) = phase else {
            return .values([.nil, .text("the dialog '\(dialog.name)' can begin only inside a handler")])
        }
        let first = call.object(at: 2)?.className
        guard first == "event" || first == "session" else {
            let problem = "the dialog '\(dialog.name)' must be given the session first, got a \(call.kindName(at: 2))"
            return .values([.nil, .text(problem)])
        }
        let frame = run.dialogs.enter(dialog, at: run.at)
        return .values([.value(.integer(frame)), .value(.boolean(first == "event"))])
    }

    func leaveDialog(_ frame: Int64) {
        if case .running(let run) = phase { run.dialogs.leave(frame) }
    }
}
