import CLuaSupport

extension LuaState {
    /// Compiles source text and tells what its functions read, write and call; nothing runs. `nil` when the Lua library
    /// compiles to a form that this module does not know.
    public func usage(of source: String, file: String) throws(LuaError) -> LuaUsage? {
        let compiled = try load(source, file: file).compiledForm()
        return BytecodeReader.functions(in: compiled).map { LuaUsage($0, source: source) }
    }

    /// The names that scripts find as globals, in order.
    public var globalNames: [String] {
        core.withStack { stack in
            let top = lh_top(stack)
            defer { lh_set_top(stack, top) }
            lh_push_globals(stack)
            return core.names(stack, lh_top(stack))
        } ?? []
    }

    /// The members of a global table such as `string`, in order; `nil` when there is no such table.
    public func memberNames(ofGlobal name: String) -> [String]? {
        core.withStack { stack in
            let top = lh_top(stack)
            defer { lh_set_top(stack, top) }
            lh_push_globals(stack)
            lh_raw_get_field(stack, lh_top(stack), name, name.utf8.count)
            guard lh_kind(stack, -1) == Int32(LH_TABLE) else { return nil }
            return core.names(stack, lh_top(stack))
        } ?? nil
    }
}

extension LuaFunction {
    /// The bytes of the compiled function, with debug information.
    func compiledForm() -> [UInt8] {
        core.withStack { stack in
            guard let reference else { return [] }
            let top = lh_top(stack)
            defer { lh_set_top(stack, top) }
            reference.push(stack)
            var length = 0
            guard let bytes = lh_dump(stack, &length) else { return [] }
            defer { lh_free(bytes) }
            return Array(UnsafeBufferPointer(start: bytes, count: length))
        } ?? []
    }
}

extension LuaCore {
    /// The keys of a table that are strings, in order.
    fileprivate func names(_ stack: OpaquePointer, _ table: Int32) -> [String] {
        var count: Int64 = 0
        guard lh_push_ordered_keys(stack, table, &count) == Int32(LH_SHAPE_TABLE) else { return [] }
        let keys = lh_top(stack)
        return (0..<count).compactMap { position in
            _ = lh_raw_get_index(stack, keys, position + 1)
            defer { lh_set_top(stack, keys) }
            guard lh_kind(stack, -1) == Int32(LH_STRING) else { return nil }
            return readString(stack, -1).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
