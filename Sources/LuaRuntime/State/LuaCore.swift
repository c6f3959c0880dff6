import CLuaSupport

/// The C state and what the host hung on it. Everything that refers into a state keeps its core alive; closing the
/// state makes the rest of them harmless.
final class LuaCore {
    struct HostFunction {
        let name: String
        let isMethod: Bool
        let body: (LuaCall) throws -> LuaReturn
    }

    /// `nil` once closed.
    private(set) var pointer: OpaquePointer?
    let configuration: LuaConfiguration
    let activity: LuaActivity
    var functions: [HostFunction] = []
    var classes: [LuaClass] = []
    /// Set by a host function that returned `.suspend`, taken by the driver.
    var request: (any Sendable)?
    /// Set by a host function that threw `.kill`, taken by the driver.
    var killer: (any Error)?
    /// Entries into Lua on this thread's stack.
    private var depth = 0
    private var closesWhenIdle = false

    init(_ configuration: LuaConfiguration) throws(LuaError) {
        self.configuration = configuration
        activity = try LuaActivity(scriptName: configuration.scriptName)
        var limits = configuration.cLimits
        var host = LuaHostCallbacks.make(context: Unmanaged.passUnretained(self).toOpaque())
        guard let pointer = lh_open(&limits, &host, activity.pointer) else {
            throw LuaError(.memory, message: "\(configuration.scriptName): no memory for a Lua state")
        }
        self.pointer = pointer
    }

    deinit {
        // Nothing refers to the core any more, so nothing runs in it.
        lh_close(pointer)
    }

    func open() throws(LuaError) -> OpaquePointer {
        guard let pointer, !closesWhenIdle else {
            throw LuaError(.closed, message: "\(configuration.scriptName): the Lua state is closed")
        }
        return pointer
    }

    func close() {
        guard depth == 0 else {
            closesWhenIdle = true
            return
        }
        // Host closures may hold functions of this state, which hold the core.
        functions = []
        classes = []
        request = nil
        killer = nil
        lh_close(pointer)
        pointer = nil
    }

    /// Every entry into Lua goes through here: a state that is closed meanwhile stays until Lua is left.
    func entering<Result>(_ body: () -> Result) -> Result {
        depth += 1
        let result = body()
        depth -= 1
        if depth == 0, closesWhenIdle {
            close()
        }
        return result
    }
}

extension LuaConfiguration {
    var cLimits: lh_limits {
        let (seconds, attoseconds) = (cpuBudget ?? .zero).components
        return lh_limits(
            memory: max(0, memoryLimit), cpu: UInt64(clamping: seconds * 1_000_000_000 + attoseconds / 1_000_000_000),
            cpu_is_wall: cpuClock == .monotonic, string_bytes: max(0, maximumStringBytes),
            pattern_steps: UInt64(clamping: patternSteps), check_interval: UInt32(clamping: max(1, checkInterval)))
    }
}

/// A slot in Lua's registry. Made, used and released on the state's own thread.
final class LuaRegistryReference {
    let core: LuaCore
    let slot: Int32

    /// Takes the value on top of the stack.
    init(core: LuaCore, popping stack: OpaquePointer) {
        self.core = core
        slot = lh_reference(stack)
    }

    deinit {
        if let pointer = core.pointer {
            lh_release(pointer, slot)
        }
    }

    func push(_ stack: OpaquePointer) {
        lh_push_reference(stack, slot)
    }
}
