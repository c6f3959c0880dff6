import CLuaSupport

// Lua values into Swift, by copy and within limits. None of this can raise or run Lua code.
extension LuaCore {
    func read(_ stack: OpaquePointer, _ index: Int32, _ limits: LuaLimits) throws(LuaError) -> LuaValue {
        var reader = LuaReader(core: self, stack: stack, limits: limits)
        return try reader.read(index)
    }

    func readString(_ stack: OpaquePointer, _ index: Int32) -> [UInt8]? {
        var length = 0
        guard let bytes = lh_to_bytes(stack, index, &length) else { return nil }
        return Array(UnsafeRawBufferPointer(start: bytes, count: length))
    }

    func readObject(_ stack: OpaquePointer, _ index: Int32) -> (luaClass: LuaClass, handle: Int64)? {
        var id: Int64 = 0
        var handle: Int64 = 0
        guard lh_object(stack, index, &id, &handle), classes.indices.contains(Int(id)) else { return nil }
        return (classes[Int(id)], handle)
    }
}

private struct LuaReader {
    let core: LuaCore
    let stack: OpaquePointer
    let limits: LuaLimits
    var elements = 0
    var bytes = 0
    var depth = 0

    init(core: LuaCore, stack: OpaquePointer, limits: LuaLimits) {
        self.core = core
        self.stack = stack
        self.limits = limits
    }

    mutating func read(_ index: Int32) throws(LuaError) -> LuaValue {
        switch lh_kind(stack, index) {
        case Int32(LH_NIL), Int32(LH_NONE), Int32(LH_NULL):
            return .nil
        case Int32(LH_BOOLEAN):
            return .boolean(lh_to_boolean(stack, index))
        case Int32(LH_INTEGER):
            var ok = false
            return .integer(lh_to_integer(stack, index, &ok))
        case Int32(LH_NUMBER):
            var ok = false
            return .number(lh_to_number(stack, index, &ok))
        case Int32(LH_STRING):
            let string = core.readString(stack, index) ?? []
            bytes += string.count
            guard bytes <= limits.bytes else {
                throw LuaError(.conversion, message: "the value holds more than \(limits.bytes) bytes of text")
            }
            return .string(LuaString(bytes: string))
        case Int32(LH_TABLE):
            return try readTable(index)
        case Int32(LH_OBJECT):
            guard let (luaClass, handle) = core.readObject(stack, index) else { return .opaque("object") }
            return .object(LuaObjectReference(className: luaClass.name, handle: handle))
        default:
            return .opaque(String(cString: lh_kind_name(stack, index)))
        }
    }

    private mutating func readTable(_ index: Int32) throws(LuaError) -> LuaValue {
        guard depth < limits.depth else {
            throw LuaError(.conversion, message: "the table is nested deeper than \(limits.depth) levels")
        }
        guard lh_reserve(stack, 8) else {
            throw LuaError(.conversion, message: "the Lua stack is full")
        }
        let top = lh_top(stack)
        let table = index > 0 ? index : top + index + 1
        defer { lh_set_top(stack, top) }
        var count: Int64 = 0
        let shape = lh_push_ordered_keys(stack, table, &count)
        guard shape != Int32(LH_SHAPE_UNORDERED) else {
            throw LuaError(.conversion, message: "the table has a key that is not a number, string or boolean")
        }
        elements += Int(count)
        guard elements <= limits.elements else {
            throw LuaError(.conversion, message: "the value has more than \(limits.elements) elements")
        }
        if count == 0 {
            return lh_is_marked_list(stack, table) ? .array([]) : .table(LuaTable())
        }
        depth += 1
        defer { depth -= 1 }
        return shape == Int32(LH_SHAPE_SEQUENCE)
            ? try readArray(table, Int(count)) : try readEntries(table, keys: top + 1, Int(count))
    }

    private mutating func readArray(_ table: Int32, _ count: Int) throws(LuaError) -> LuaValue {
        var values: [LuaValue] = []
        values.reserveCapacity(count)
        for position in 1...count {
            _ = lh_raw_get_index(stack, table, Int64(position))
            values.append(try read(-1))
            lh_set_top(stack, lh_top(stack) - 1)
        }
        return .array(values)
    }

    private mutating func readEntries(_ table: Int32, keys: Int32, _ count: Int) throws(LuaError) -> LuaValue {
        var entries: [LuaTable.Entry] = []
        entries.reserveCapacity(count)
        for position in 1...count {
            _ = lh_raw_get_index(stack, keys, Int64(position))
            let key = try read(-1)
            lh_raw_get(stack, table)
            let value = try read(-1)
            lh_set_top(stack, lh_top(stack) - 1)
            entries.append(LuaTable.Entry(key: key, value: value))
        }
        return .table(LuaTable(entries: entries))
    }
}
