import CLuaSupport

/// One run of a Lua function that may wait for its host. Belongs to its state's thread.
///
/// When a host function returns `.suspend(request)`, `start` or `resume` returns `.suspended(request)`, also out of
/// coroutines that the script made itself. The driver answers with `resume`. A run that is dropped while it waits
/// simply ends: its `<close>` handlers do not run.
public final class LuaCoroutine {
    /// How far a run came.
    public enum Step {
        case finished([LuaValue])
        case suspended(any Sendable)
        case failed(LuaError)
    }

    public enum Status: Sendable {
        case ready, running, suspended, finished, failed
    }

    let core: LuaCore
    private let thread: OpaquePointer
    var luaThread: OpaquePointer { thread }
    private let reference: LuaRegistryReference
    // On the heap: a host function may set the clock while the run is entered.
    private let run: UnsafeMutablePointer<lh_run>
    public private(set) var status = Status.ready

    init(core: LuaCore, thread: OpaquePointer, reference: LuaRegistryReference, seed: UInt64, now: Int64) {
        self.core = core
        self.thread = thread
        self.reference = reference
        run = .allocate(capacity: 1)
        run.initialize(to: lh_run())
        lh_seed(run, seed)
        run.pointee.now = now
    }

    deinit {
        lh_run_release(run)
        run.deallocate()
    }

    /// What `os.time` gives, in seconds since 1970. It stands still until the host sets it again.
    public var now: Int64 {
        get { run.pointee.now }
        set { run.pointee.now = newValue }
    }

    /// Enters the function for the first time.
    public func start(_ arguments: [LuaArgument] = []) -> Step {
        guard status == .ready else { return misuse("it was started before") }
        return enter(arguments, raising: nil, isKill: false)
    }

    /// Lets the host function that suspended return `values`.
    public func resume(with values: [LuaArgument] = []) -> Step {
        guard status == .suspended else { return misuse("it does not wait") }
        return enter(values, raising: nil, isKill: false)
    }

    /// Lets the host function that suspended raise an error, which the script may catch.
    public func resume(raising error: LuaErrorObject) -> Step {
        guard status == .suspended else { return misuse("it does not wait") }
        return enter([], raising: { core, stack in core.push(error, on: stack) }, isKill: false)
    }

    /// Lets the host function that suspended raise a message, with `file:line` in front.
    public func resume(raising message: String) -> Step {
        guard status == .suspended else { return misuse("it does not wait") }
        return enter([], raising: { core, stack in core.pushText(message, on: stack) }, isKill: false)
    }

    /// Ends the run where it waits; nothing in Lua can catch it. Gives `.failed` with the traceback of that place.
    public func resume(killing reason: any Error) -> Step {
        guard status == .suspended else { return misuse("it does not wait") }
        core.killer = reason
        return enter(
            [], raising: { core, stack in core.pushText(String(describing: reason), on: stack) }, isKill: true)
    }

    private func misuse(_ problem: String) -> Step {
        .failed(LuaError(.closed, message: "the coroutine cannot go on: \(problem)"))
    }

    private func enter(_ arguments: [LuaArgument], raising: ((LuaCore, OpaquePointer) -> Void)?, isKill: Bool) -> Step {
        guard let pointer = core.pointer, lh_reserve(thread, Int32(clamping: arguments.count + 16)) else {
            return misuse("its Lua state is closed or its stack is full")
        }
        for argument in arguments {
            core.push(argument, on: thread)
        }
        raising?(core, thread)
        status = .running
        var results: Int32 = 0
        let kind = core.entering {
            raising == nil
                ? lh_coroutine_resume(pointer, thread, run, Int32(arguments.count), &results)
                : lh_coroutine_raise(pointer, thread, run, isKill, &results)
        }
        guard core.pointer != nil else {
            status = .failed
            return misuse("its Lua state was closed while it ran")
        }
        switch kind {
        case Int32(LH_SUSPENDED):
            guard let request = core.request else {
                status = .failed
                return misuse("it suspended without a request")
            }
            core.request = nil
            status = .suspended
            return .suspended(request)
        case Int32(LH_FINISHED):
            status = .finished
            defer { lh_set_top(thread, lh_top(thread) - results) }
            do {
                return .finished(try core.readResults(thread, results))
            } catch {
                return .failed(error)
            }
        default:
            status = .failed
            return .failed(core.takeFailure(kind, on: thread))
        }
    }
}
