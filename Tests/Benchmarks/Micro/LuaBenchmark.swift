import LuaRuntime

/// Calls into Lua and coroutines, through the limits and checks that scripts run under.
struct LuaBenchmark {
    private let state: LuaState
    private let identity, callsHost, yieldsOnce, yields39Times: LuaFunction

    private static let source = """
        local function identity(value) return value end
        local function calls_host(value) return host(value) end
        local function yields_once(value) return wait(value) end
        local function yields_39_times(value) for _ = 1, 39 do value = wait(value) end end
        keep(identity, calls_host, yields_once, yields_39_times)
        """

    init() throws {
        let state = try LuaState()
        state.setGlobal(
            "host", state.makeFunction("host") { call in .value(.value(.integer(call.integer(at: 1) ?? 0))) })
        state.setGlobal(
            "wait", state.makeFunction("wait", suspends: true) { call in .suspend(call.integer(at: 1) ?? 0) })
        self.state = state
        let functions = try state.functions(of: Self.source, count: 4)
        identity = functions[0]
        callsHost = functions[1]
        yieldsOnce = functions[2]
        yields39Times = functions[3]
    }

    func run(_ report: inout Report) throws {
        report.add("lua_pcall_ns", try median(of: 1_000_000) { try identity.call([1]) })
        report.add("lua_pcall_and_c_call_ns", try median(of: 1_000_000) { try callsHost.call([1]) })
        report.add("coroutine_one_yield_ns", try median(of: 300_000) { try finish(yieldsOnce) })
        report.add("coroutine_40_resumes_ns", try median(of: 50_000) { try finish(yields39Times) })
    }

    /// Makes a coroutine and resumes it until it ends.
    private func finish(_ function: LuaFunction) throws {
        let coroutine = try state.makeCoroutine(function)
        var step = coroutine.start([1])
        while case .suspended = step { step = coroutine.resume(with: [1]) }
        if case .failed(let error) = step { throw error }
    }
}

extension LuaState {
    /// Runs a chunk that hands its functions to `keep`.
    func functions(of source: String, count: Int) throws -> [LuaFunction] {
        var functions: [LuaFunction] = []
        setGlobal(
            "keep",
            makeFunction("keep") { call in
                for index in 1...count { functions.append(try call.checkFunction(at: index)) }
                return .nothing
            })
        try load(source, file: "benchmark.lua").call()
        return functions
    }
}
