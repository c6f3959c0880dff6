import Testing

@testable import LuaRuntime

/// What the compiled form tells of a source, without running it.
struct LuaUsageTests {
    private func usage(_ source: String) throws -> LuaUsage {
        try #require(try LuaState().usage(of: source, file: "test.lua"))
    }

    /// Writes to captured variables as `line name` with a star for a write into the value.
    private func captured(_ source: String) throws -> [String] {
        let usage = try usage(source)
        return usage.writes.compactMap { write in
            guard case .variable(let variable) = write.target.root else { return nil }
            return "\(write.line) \(usage.variables[variable].name)\(write.target.path.isEmpty ? "" : "*")"
        }
    }

    @Test func assignmentsToVariablesOfTheFileAreFoundThroughNestedFunctions() throws {
        let source = """
            local count, seen = 0, {}
            local function outer(id)
              local mine = 0
              return function()
                mine = mine + 1
                count = count + mine
                seen[id] = (seen[id] or 0) + 1
                seen[#seen + 1] = id
                seen.last = id
                seen.of.all[1] = id
              end
            end
            count = 5
            """
        #expect(try captured(source) == ["5 mine", "6 count", "7 seen*", "8 seen*", "9 seen*", "10 seen*"])
        let variables = try usage(source).variables
        #expect(variables.filter(\.isFileLevel).map(\.name) == ["count", "seen"])
        #expect(variables.filter(\.isFileLevel).map(\.line) == [1, 1])
    }

    @Test func aDeclarationOverSeveralLinesIsNamedByItsFirst() throws {
        let variables = try usage("local a\nlocal names = {\n  x = 1,\n  y = 2,\n}\nreturn function() names.z = a end")
            .variables
        #expect(Set(variables.map { "\($0.name) \($0.line)" }) == ["a 1", "names 2"])
    }

    @Test func aPlaceWithTwoPossibleValuesHoldsNothingKnown() throws {
        let source = """
            local cache = {}
            return function(fresh)
              local either = {}
              if fresh then either = cache end
              either.x = 1
              local kept = cache
              if fresh then fresh() end
              kept.x = 1
              local early = {}
              if fresh then early = cache return early end
              early.x = 1
            end
            """
        #expect(try captured(source) == ["8 cache*"])
    }

    @Test func loopsJumpsAndVarargsLeaveNoFalseTrace() throws {
        let source = """
            local cache = {}
            return function(...)
              local t = cache
              for i = 1, 10 do t = {} t[i] = i end
              t.x = 1
              for key, value in pairs(cache) do
                if key then goto continue end
                local own = { value, ... }
                own[1] = select("#", ...)
                ::continue::
              end
              local a, b = ...
              a.x, b.y = 1, 2
              while a do a = a.next a.x = 1 end
              repeat local last = {} last.x = cache until last.x
              return #cache, cache.x or cache.y, -(a + 1) .. b
            end
            """
        #expect(try captured(source) == [])
    }

    @Test func whatAFunctionCapturesKeepsItsMeaningUnlessItIsAssigned() throws {
        let reads = try usage(
            """
            local store = host.store
            local other = host.other
            return function(session)
              other = nil
              pcall(function() session:reply(store.get, other.x) end)
            end
            """
        ).reads
        let origins = reads.map { "\($0.value.root) \($0.value.path.compactMap(\.self)) \($0.member)" }
        #expect(origins.contains("parameter(function: 1, index: 0) [] reply"))
        #expect(origins.contains(#"globals ["host", "store"] get"#))
        #expect(origins.contains("variable(0) [] x"))
    }

    @Test func callsKnowTheirArguments() throws {
        let calls = try usage("local t = {} return function() table.insert(t, 'x') host.on('e', function() end) end")
            .calls
        #expect(calls.map(\.callee.path) == [["table", "insert"], ["host", "on"]])
        #expect(calls[0].arguments[0]?.root == .variable(0))
        #expect(calls[1].arguments.map { $0?.root } == [.text("e"), .function(2)])
    }

    @Test func onlyFunctionsThatNobodyElseCanCallBelongToLoading() throws {
        let usage = try usage(
            """
            local list = {}
            local function add(x) list[#list + 1] = x end
            local function both(x) add(x) end
            local function stored(x) list[x] = x end
            local function captured(x) list[x] = x end
            local either = list and function() end or print
            add(1) both(2) stored(3) captured(4)
            host.on(stored)
            return function() captured(5) end, either
            """)
        #expect(usage.loadTimeFunctions == [0, 1, 2])
    }

    @Test func keysThatDoNotFitTheInstructionAreFoundAsWell() throws {
        let fill = (0..<400).map { "'c\($0)'" }.joined(separator: ", ")
        let usage = try usage("local all = { \(fill) } return function() return { \(fill) }, missing.field end")
        #expect(usage.reads.contains { $0.value == LuaOrigin(.globals) && $0.member == "missing" })
        #expect(usage.reads.contains { $0.value == LuaOrigin(.globals, ["missing"]) && $0.member == "field" })
    }

    @Test func anEnvironmentOfItsOwnHasNoGlobals() throws {
        let usage = try usage("return function() local _ENV = {} x = y end")
        #expect(!usage.reads.contains { $0.value.root == .globals })
        #expect(!usage.writes.contains { $0.target.root == .globals })
    }

    @Test func theNamesOfTheSandboxAreKnown() throws {
        let state = try LuaState()
        state.setGlobal("bot", .value(.integer(1)))
        #expect(state.globalNames.contains("bot") && state.globalNames.contains("pairs"))
        #expect(state.memberNames(ofGlobal: "table")?.contains("concat") == true)
        #expect(state.memberNames(ofGlobal: "pairs") == nil && state.memberNames(ofGlobal: "none") == nil)
    }

    // Bytes that are not what they seem

    private static let source = """
        local count, names = 0, { 'a', 1, 2.5, true, nil }
        return function(session, ...)
          for i, name in ipairs(names) do count = count + i names[name] = session:get(name, ...) end
          for i = 1, 3 do local t = { ... } t[i] = function() return t end end
          return count > 3 and names or count
        end
        """

    private func compiled() throws -> [UInt8] {
        let state = try LuaState()
        let bytes = try state.load(Self.source, file: "test.lua").compiledForm()
        state.close()
        return bytes
    }

    @Test func cutBytesAreNothing() throws {
        let bytes = try compiled()
        #expect(BytecodeReader.functions(in: bytes)?.count == 3)
        for length in 0..<bytes.count {
            #expect(BytecodeReader.functions(in: Array(bytes.prefix(length))) == nil)
        }
    }

    @Test func anotherVersionIsNothing() throws {
        var bytes = try compiled()
        bytes[4] = 0x55
        #expect(BytecodeReader.functions(in: bytes) == nil)
    }

    @Test func damagedBytesNeverTrap() throws {
        let bytes = try compiled()
        var seed: UInt64 = 42
        var understood = 0
        for _ in 0..<4000 {
            var damaged = bytes
            for _ in 0..<4 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                damaged[15 + Int(seed >> 33) % (bytes.count - 15)] = UInt8(truncatingIfNeeded: seed >> 24)
            }
            guard let functions = BytecodeReader.functions(in: damaged) else { continue }
            understood += 1
            _ = LuaUsage(functions, source: Self.source).loadTimeFunctions
        }
        #expect(understood > 100)
    }
}
