import CLuaSupport

/// A Lua function that the host keeps. Belongs to its state's thread.
public final class LuaFunction {
    let core: LuaCore
    private let slot: LuaRegistryReference?
    /// Where the function is defined; `nil` for host functions.
    public let file: String?
    public let line: Int?

    /// Takes the function on top of the stack.
    init(core: LuaCore, popping stack: OpaquePointer) {
        self.core = core
        var file: UnsafePointer<CChar>?
        var length = 0
        var line: Int32 = 0
        if lh_function_location(stack, -1, &file, &length, &line), let file {
            self.file = String(decoding: UnsafeRawBufferPointer(start: file, count: length), as: UTF8.self)
            self.line = Int(line)
        } else {
            self.file = nil
            self.line = nil
        }
        slot = LuaRegistryReference(core: core, popping: stack)
    }

    /// What is made from a closed state: every call fails.
    init(closed core: LuaCore) {
        self.core = core
        slot = nil
        file = nil
        line = nil
    }

    var reference: LuaRegistryReference? { slot }

    /// Calls the function to its end. Host functions that wait are refused inside; the error names `purpose`
    /// (`"the filter 'where'"`). Inside a host function the call shares the CPU budget and the run of its caller.
    @discardableResult
    public func call(_ arguments: [LuaArgument] = [], purpose: String = "a plain call") throws(LuaError) -> [LuaValue] {
        let pointer = try core.open()
        guard let slot, let stack = lh_current(pointer), lh_reserve(stack, Int32(clamping: arguments.count + 16)) else {
            throw LuaError(.closed, message: "the Lua stack is full or the function is closed")
        }
        let top = lh_top(stack)
        slot.push(stack)
        for argument in arguments {
            core.push(argument, on: stack)
        }
        var results: Int32 = 0
        let kind = core.entering { lh_call(pointer, Int32(arguments.count), purpose, &results) }
        guard core.pointer != nil else {
            throw LuaError(.closed, message: "the Lua state was closed while it ran")
        }
        guard kind == Int32(LH_FINISHED) else {
            let error = core.takeFailure(kind, on: stack)
            lh_set_top(stack, top)
            throw error
        }
        defer { lh_set_top(stack, top) }
        return try core.readResults(stack, results)
    }
}

extension LuaCore {
    /// The `count` values on top of the stack; they stay there.
    func readResults(_ stack: OpaquePointer, _ count: Int32) throws(LuaError) -> [LuaValue] {
        guard count > 0 else { return [] }
        var values: [LuaValue] = []
        values.reserveCapacity(Int(count))
        let first = lh_top(stack) - count + 1
        for index in first..<(first + count) {
            values.append(try read(stack, index, LuaLimits()))
        }
        return values
    }
}
