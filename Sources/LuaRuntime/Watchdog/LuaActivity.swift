import CLuaSupport

/// What other threads may see of a state, and the one thing they may ask of it.
public final class LuaActivity: Sendable {
    // Allocated here, freed in `deinit`; all fields behind it are C atomics.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// The script that runs in the state.
    public let scriptName: String

    init(scriptName: String) throws(LuaError) {
        guard let pointer = lh_activity_create() else {
            throw LuaError(.memory, message: "\(scriptName): no memory for a Lua state")
        }
        self.pointer = pointer
        self.scriptName = scriptName
    }

    deinit {
        lh_activity_destroy(pointer)
    }

    /// How long the state has been in Lua without coming back; `nil` while it is outside.
    public var timeInLua: Duration? {
        let enteredAt = lh_activity_entered_at(pointer)
        guard enteredAt != 0 else { return nil }
        let now = lh_monotonic_now()
        return .nanoseconds(Int64(clamping: now > enteredAt ? now - enteredAt : 0))
    }

    /// Number of entries into Lua so far.
    public var entries: UInt64 { lh_activity_entries(pointer) }

    /// Ends the script at its next instruction, uncatchably, with `LuaError.Code.interrupted`. A script that is stuck
    /// inside a library function written in C does not notice; one that is outside of Lua is not affected.
    public func interrupt() {
        lh_activity_interrupt(pointer)
    }
}
