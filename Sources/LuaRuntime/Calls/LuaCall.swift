import CLuaSupport

/// A call from Lua to a host function: its arguments, and where it comes from. Valid only while the function runs.
///
/// Arguments count from 1; the receiver of a method is not one of them. Reading never runs Lua code and never raises;
/// the `check` functions throw an error that names the argument, ready to be passed on.
public struct LuaCall {
    /// What kind of value an argument is.
    public enum Kind: Sendable {
        case none, `nil`, boolean, integer, number, string, table, function, object, null, other
    }

    let core: LuaCore
    let stack: OpaquePointer
    /// The name the function was registered with.
    public let name: String
    private let base: Int32
    /// How many arguments there are.
    public let count: Int

    init(core: LuaCore, stack: OpaquePointer, name: String, isMethod: Bool) {
        self.core = core
        self.stack = stack
        self.name = name
        base = isMethod ? 1 : 0
        count = Int(max(0, lh_top(stack) - base))
    }

    private func slot(_ index: Int) -> Int32 {
        // 0 and below would be pseudo-indices: out of range is what they mean.
        index >= 1 ? Int32(clamping: index) + base : base + Int32(count) + 1
    }

    /// The object a method was called on.
    public var object: LuaObjectReference? {
        base == 1 ? reference(slot: 1) : nil
    }

    /// The object a method was called on, to keep.
    public var receiver: LuaObject? {
        base == 1 ? keepObject(slot: 1) : nil
    }

    /// The host's number for the object a method was called on; 0 in plain functions.
    public var handle: Int64 {
        var id: Int64 = 0
        var handle: Int64 = 0
        return base == 1 && lh_object(stack, 1, &id, &handle) ? handle : 0
    }

    /// `file:line` of the Lua code that called.
    public var location: String? {
        var file: UnsafePointer<CChar>?
        var length = 0
        var line: Int32 = 0
        guard lh_caller_location(stack, &file, &length, &line), let file else { return nil }
        return String(decoding: UnsafeRawBufferPointer(start: file, count: length), as: UTF8.self) + ":\(line)"
    }

    /// Starts the CPU budget of the running entry anew.
    public func restartBudget() {
        core.restartBudget()
    }

    /// Throws what is wrong with `bytes` if they are not JSON; otherwise they can be returned as `.json`.
    public func checkJSON(_ bytes: [UInt8]) throws(LuaError) {
        try core.checkJSON(bytes)
    }

    public func kind(at index: Int) -> Kind {
        switch lh_kind(stack, slot(index)) {
        case Int32(LH_NIL): .nil
        case Int32(LH_BOOLEAN): .boolean
        case Int32(LH_INTEGER): .integer
        case Int32(LH_NUMBER): .number
        case Int32(LH_STRING): .string
        case Int32(LH_TABLE): .table
        case Int32(LH_FUNCTION): .function
        case Int32(LH_OBJECT): .object
        case Int32(LH_NULL): .null
        case Int32(LH_NONE): .none
        default: .other
        }
    }

    /// The kind in words, with the class name for objects: `number`, `no value`, `session`.
    public func kindName(at index: Int) -> String {
        String(cString: lh_kind_name(stack, slot(index)))
    }

    /// Whether the argument is absent or nil.
    public func isNil(at index: Int) -> Bool {
        let kind = lh_kind(stack, slot(index))
        return kind == Int32(LH_NIL) || kind == Int32(LH_NONE)
    }

    public func boolean(at index: Int) -> Bool? {
        lh_kind(stack, slot(index)) == Int32(LH_BOOLEAN) ? lh_to_boolean(stack, slot(index)) : nil
    }

    /// The integer, also of a float without a fraction.
    public func integer(at index: Int) -> Int64? {
        var ok = false
        let value = lh_to_integer(stack, slot(index), &ok)
        return ok ? value : nil
    }

    public func number(at index: Int) -> Double? {
        var ok = false
        let value = lh_to_number(stack, slot(index), &ok)
        return ok ? value : nil
    }

    /// The bytes of a string. Numbers are not converted.
    public func bytes(at index: Int) -> [UInt8]? {
        core.readString(stack, slot(index))
    }

    /// The text of a string that is valid UTF-8. Numbers are not converted.
    public func string(at index: Int) -> String? {
        var length = 0
        guard let bytes = lh_to_bytes(stack, slot(index), &length) else { return nil }
        return String(validating: UnsafeRawBufferPointer(start: bytes, count: length), as: UTF8.self)
    }

    public func object(at index: Int) -> LuaObjectReference? {
        reference(slot: slot(index))
    }

    /// The object, to keep and hand back to Lua later.
    public func keepObject(at index: Int) -> LuaObject? {
        keepObject(slot: slot(index))
    }

    /// The function, to keep and call later.
    public func function(at index: Int) -> LuaFunction? {
        guard lh_kind(stack, slot(index)) == Int32(LH_FUNCTION), lh_reserve(stack, 4) else { return nil }
        lh_push_value(stack, slot(index))
        return LuaFunction(core: core, popping: stack)
    }

    /// The function in field `field` of the table at `index`.
    public func function(at index: Int, field: String) -> LuaFunction? {
        withField(field, at: index) {
            guard lh_kind(stack, -1) == Int32(LH_FUNCTION) else { return nil }
            lh_push_value(stack, -1)
            return LuaFunction(core: core, popping: stack)
        }
    }

    /// The object in field `field` of the table at `index`, to keep.
    public func keepObject(at index: Int, field: String) -> LuaObject? {
        withField(field, at: index) { keepObject(slot: lh_top(stack)) }
    }

    private func withField<Result>(_ field: String, at index: Int, _ body: () -> Result?) -> Result? {
        guard lh_kind(stack, slot(index)) == Int32(LH_TABLE), lh_reserve(stack, 8) else { return nil }
        let top = lh_top(stack)
        defer { lh_set_top(stack, top) }
        var field = field
        field.withUTF8 { field in
            field.withMemoryRebound(to: CChar.self) {
                lh_raw_get_field(stack, slot(index), $0.baseAddress, $0.count)
            }
        }
        return body()
    }

    /// The argument by copy; functions inside become `.opaque`.
    public func value(at index: Int, limits: LuaLimits = LuaLimits()) throws(LuaError) -> LuaValue {
        try core.read(stack, slot(index), limits)
    }

    /// All arguments by copy.
    public func values(limits: LuaLimits = LuaLimits()) throws(LuaError) -> [LuaValue] {
        var values: [LuaValue] = []
        values.reserveCapacity(count)
        for index in 0..<count {
            values.append(try value(at: index + 1, limits: limits))
        }
        return values
    }

    /// The argument as JSON, with keys in the order of `pairs`. The error names the path that cannot be written.
    public func json(at index: Int) throws(LuaError) -> [UInt8] {
        try core.encodeJSON(stack, slot(index))
    }

    private func reference(slot: Int32) -> LuaObjectReference? {
        core.readObject(stack, slot).map { LuaObjectReference(className: $0.luaClass.name, handle: $0.handle) }
    }

    private func keepObject(slot: Int32) -> LuaObject? {
        guard let (luaClass, handle) = core.readObject(stack, slot), lh_reserve(stack, 4) else { return nil }
        lh_push_value(stack, slot)
        return LuaObject(
            luaClass: luaClass, handle: handle, reference: LuaRegistryReference(core: core, popping: stack))
    }
}

extension LuaCall {
    /// The error for a wrong argument: `bad argument #2 to 'reply' (string expected, got table)`.
    public func badArgument(_ index: Int, _ problem: String) -> LuaRaise {
        .message("bad argument #\(index) to '\(name)' (\(problem))")
    }

    private func expected(_ what: String, at index: Int) -> LuaRaise {
        badArgument(index, "\(what) expected, got \(kindName(at: index))")
    }

    public func checkString(at index: Int) throws(LuaRaise) -> String {
        if let string = string(at: index) { return string }
        if let number = number(at: index) {
            return integer(at: index).map(String.init) ?? String(number)
        }
        throw kind(at: index) == .string
            ? badArgument(index, "text in UTF-8 expected") : expected("string", at: index)
    }

    public func checkInteger(at index: Int) throws(LuaRaise) -> Int64 {
        if let integer = integer(at: index) { return integer }
        throw kind(at: index) == .number
            ? badArgument(index, "number has no integer representation") : expected("integer", at: index)
    }

    public func checkNumber(at index: Int) throws(LuaRaise) -> Double {
        guard let number = number(at: index) else { throw expected("number", at: index) }
        return number
    }

    public func checkFunction(at index: Int) throws(LuaRaise) -> LuaFunction {
        guard let function = function(at: index) else { throw expected("function", at: index) }
        return function
    }

    public func checkTable(at index: Int, limits: LuaLimits = LuaLimits()) throws -> LuaTable {
        guard kind(at: index) == .table else { throw expected("table", at: index) }
        switch try value(at: index, limits: limits) {
        case .table(let table):
            return table
        case .array(let values):
            return LuaTable(
                entries: values.enumerated().map { .init(key: .integer(Int64($0.offset + 1)), value: $0.element) })
        default:
            throw expected("table", at: index)
        }
    }
}
