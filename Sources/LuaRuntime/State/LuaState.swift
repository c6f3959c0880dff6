import CLuaSupport

/// Lua 5.4 from Swift: one isolated state with its limits, its sandbox and the host functions it may call.
///
/// This module knows Lua and nothing of what scripts are for. It is confined to one thread: a state, and every
/// function, coroutine, class and object made from it, is made, used and released there. Only `activity` may be used
/// from other threads. Keep the state as long as anything made from it: when it goes, they fail with `.closed`. A host
/// function that refers to its state must do so `unowned`, or the state is never freed; ``LuaCall`` has what it needs.
/// No Swift frame is ever crossed by a `longjmp`: host functions return or throw, and C raises.
///
/// ```swift
/// let state = try LuaState()
/// state.setGlobal("greet", state.makeFunction("greet") { call in
///     .value(.text("hello, " + (try call.checkString(at: 1))))
/// })
/// let answer = try state.load("return greet('moon')", file: "example.lua").call()   // [.text("hello, moon")]
/// ```
public final class LuaState {
    let core: LuaCore

    /// What other threads may see and ask.
    public var activity: LuaActivity { core.activity }

    public var configuration: LuaConfiguration { core.configuration }

    public init(_ configuration: LuaConfiguration = LuaConfiguration()) throws(LuaError) {
        core = try LuaCore(configuration)
    }

    deinit {
        core.close()
    }

    /// Frees everything at once. Functions and coroutines of this state fail with `.closed` from now on.
    public func close() {
        core.close()
    }

    /// Compiles source text. `file` is the name that errors show. Nothing runs yet: call the function.
    public func load(_ source: [UInt8], file: String) throws(LuaError) -> LuaFunction {
        let pointer = try core.open()
        let kind = core.entering {
            source.withUnsafeBytes { source in
                lh_load(pointer, source.baseAddress?.assumingMemoryBound(to: CChar.self), source.count, "@" + file)
            }
        }
        let stack: OpaquePointer = lh_current(pointer)
        guard kind == Int32(LH_FINISHED) else {
            var error = core.takeFailure(kind, on: stack)
            error.file = file
            throw error
        }
        return LuaFunction(core: core, popping: stack)
    }

    public func load(_ source: String, file: String) throws(LuaError) -> LuaFunction {
        try load(Array(source.utf8), file: file)
    }

    /// Makes a function that scripts can call. `suspends` must be true if it ever returns `.suspend`: the call is then
    /// refused, before `body` runs, in places that cannot wait (a comparison of `table.sort`, a file being loaded).
    public func makeFunction(
        _ name: String, suspends: Bool = false, _ body: @escaping (LuaCall) throws -> LuaReturn
    ) -> LuaFunction {
        let index = core.add(name: name, isMethod: false, body)
        return core.withStack { stack in
            lh_push_host_function(stack, name, index, suspends)
            return LuaFunction(core: core, popping: stack)
        } ?? LuaFunction(closed: core)
    }

    /// Adds or replaces a name that scripts may read but not assign.
    public func setGlobal(_ name: String, _ value: LuaArgument) {
        core.withStack { stack in
            core.push(value, on: stack)
            lh_set_global(stack, name)
        }
    }

    public func setGlobal(_ name: String, _ function: LuaFunction) {
        setGlobal(name, .function(function))
    }

    /// Registers a class of host objects.
    public func makeClass(_ description: LuaObjectClass) throws(LuaError) -> LuaClass {
        let pointer = try core.open()
        let stack: OpaquePointer = lh_current(pointer)
        let id = Int64(core.classes.count)
        let fields = description.fields.map { Array($0.utf8CString) }
        withCStrings(fields[...], []) { lh_push_class(stack, id, description.name, $0, $0.count) }
        for member in description.members {
            let index = core.add(name: member.name, isMethod: member.isMethod, member.body)
            lh_class_add(stack, -1, member.name, index, member.isMethod, member.suspends)
        }
        let reference = LuaRegistryReference(core: core, popping: stack)
        let luaClass = LuaClass(name: description.name, id: id, fields: description.fields, reference: reference)
        core.classes.append(luaClass)
        return luaClass
    }

    /// Gives all objects of a class, also those made before, a member with the same value. Costs an object nothing.
    public func setMember(_ name: String, of luaClass: LuaClass, to value: LuaArgument) {
        guard luaClass.reference.core === core else { return }
        core.withStack { stack in
            luaClass.reference.push(stack)
            core.push(value, on: stack)
            lh_class_set(stack, -2, name)
            lh_set_top(stack, lh_top(stack) - 1)
        }
    }

    private func withCStrings(
        _ strings: ArraySlice<[CChar]>, _ pointers: [UnsafePointer<CChar>?], _ body: ([UnsafePointer<CChar>?]) -> Void
    ) {
        guard let first = strings.first else {
            body(pointers)
            return
        }
        first.withUnsafeBufferPointer { withCStrings(strings.dropFirst(), pointers + [$0.baseAddress], body) }
    }

    /// Makes a host object.
    public func makeObject(_ luaClass: LuaClass, _ content: LuaObjectContent = LuaObjectContent()) throws(LuaError)
        -> LuaObject
    {
        let stack: OpaquePointer = lh_current(try core.open())
        core.push(new: luaClass, content, on: stack)
        let reference = LuaRegistryReference(core: core, popping: stack)
        return LuaObject(luaClass: luaClass, handle: content.handle, reference: reference)
    }

    /// Makes a coroutine that will run `function`. Its random numbers follow `seed`, its clock stands at `now`
    /// (seconds since 1970).
    public func makeCoroutine(_ function: LuaFunction, seed: UInt64 = 0, now: Int64 = 0) throws(LuaError)
        -> LuaCoroutine
    {
        let pointer = try core.open()
        guard function.core === core, let body = function.reference else {
            throw LuaError(.closed, message: "the function belongs to another Lua state")
        }
        let stack: OpaquePointer = lh_current(pointer)
        body.push(stack)
        guard let thread = lh_coroutine_create(pointer) else {
            throw LuaError(.memory, message: "\(configuration.scriptName): no memory for a coroutine")
        }
        let reference = LuaRegistryReference(core: core, popping: stack)
        return LuaCoroutine(core: core, thread: thread, reference: reference, seed: seed, now: now)
    }

    /// Whether `bytes` are JSON that the runtime can decode; throws what is wrong with them.
    public func checkJSON(_ bytes: [UInt8]) throws(LuaError) {
        try core.checkJSON(bytes)
    }

    /// Starts the CPU budget of the entry that is running anew. For a host function that delivers recorded outcomes.
    public func restartBudget() {
        core.restartBudget()
    }

    /// Seeds the random numbers and sets the clock of code outside of coroutines: files being loaded, plain calls.
    public func setDefaults(seed: UInt64, now: Int64) {
        guard let pointer = core.pointer else { return }
        let run = lh_default_run(pointer)
        lh_seed(run, seed)
        run?.pointee.now = now
    }

    /// Bytes that Lua holds now.
    public var memoryUsed: Int { core.pointer.map { lh_memory_used($0) } ?? 0 }

    /// The most that Lua ever held.
    public var memoryPeak: Int { core.pointer.map { lh_memory_peak($0) } ?? 0 }

    /// Runs a full collection.
    public func collectGarbage() {
        guard let pointer = core.pointer else { return }
        lh_collect_garbage(pointer)
    }
}

extension LuaCore {
    func add(name: String, isMethod: Bool, _ body: @escaping (LuaCall) throws -> LuaReturn) -> Int64 {
        functions.append(HostFunction(name: name, isMethod: isMethod, body: body))
        return Int64(functions.count - 1)
    }

    @discardableResult
    func withStack<Result>(_ body: (OpaquePointer) -> Result) -> Result? {
        guard let pointer, let stack = lh_current(pointer), lh_reserve(stack, 16) else { return nil }
        return body(stack)
    }

    func restartBudget() {
        guard let pointer else { return }
        lh_restart_budget(pointer)
    }

    func checkJSON(_ bytes: [UInt8]) throws(LuaError) {
        let stack: OpaquePointer = lh_current(try open())
        let code = pushJSON(bytes, on: stack)
        lh_set_top(stack, lh_top(stack) - 1)
        guard code == 0 else {
            throw LuaError(.json, message: String(cString: lh_json_error_text(code)))
        }
    }

    func encodeJSON(_ stack: OpaquePointer, _ index: Int32) throws(LuaError) -> [UInt8] {
        var bytes: UnsafePointer<UInt8>?
        var length = 0
        let ok = lh_encode_json(pointer, stack, index, &bytes, &length)
        let buffer = UnsafeRawBufferPointer(start: bytes, count: length)
        guard ok else {
            throw LuaError(.json, message: String(decoding: buffer, as: UTF8.self))
        }
        return Array(buffer)
    }
}
