import CLuaSupport

/// A Lua function that the host keeps. Belongs to its state's thread.
public final class LuaFunction {
    let core: LuaCore
    private let slot: LuaRegistryReference?
    /// Where the function is defined; `nil` for host functions.
    public let file: String?
    public let line: Int?

    /// Takes the function on top of the stack.
    init(core: LuaCore, popping L: OpaquePointer) {
        self.core = core
        var file: UnsafePointer<CChar>?
        var length = 0
        var line: Int32 = 0
        if lh_function_location(L, -1, &file, &length, &line), let file {
            self.file = String(decoding: UnsafeRawBufferPointer(start: file, count: length), as: UTF8.self)
            self.line = Int(line)
        } else {
            self.file = nil
            self.line = nil
        }
        slot = LuaRegistryReference(core: core, popping: L)
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
        guard let slot, let L = lh_current(pointer), lh_reserve(L, Int32(clamping: arguments.count + 16)) else {
            throw LuaError(.closed, message: "the Lua stack is full or the function is closed")
        }
        let top = lh_top(L)
        slot.push(L)
        for argument in arguments {
            core.push(argument, on: L)
        }
        var results: Int32 = 0
        let kind = core.entering { lh_call(pointer, Int32(arguments.count), purpose, &results) }
        guard kind == Int32(LH_FINISHED) else {
            let error = core.takeFailure(kind, on: L)
            lh_set_top(L, top)
            throw error
        }
        defer { lh_set_top(L, top) }
        return try core.readResults(L, results)
    }
}

extension LuaCore {
    /// The `count` values on top of the stack; they stay there.
    func readResults(_ L: OpaquePointer, _ count: Int32) throws(LuaError) -> [LuaValue] {
        guard count > 0 else { return [] }
        var values: [LuaValue] = []
        values.reserveCapacity(Int(count))
        let first = lh_top(L) - count + 1
        for index in first..<(first + count) {
            values.append(try read(L, index, LuaLimits()))
        }
        return values
    }
}
