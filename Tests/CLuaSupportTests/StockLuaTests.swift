import CLua
import LuaRuntime
import Testing

/// Lua as the system ships it, with nothing of ours.
private struct StockLua {
    func evaluate(_ source: String) throws -> String {
        let stock = try #require(luaL_newstate())
        defer { lua_close(stock) }
        luaL_openlibs(stock)
        let status = luaL_loadstring(stock, source)
        let outcome = status == LUA_OK ? lua_pcallk(stock, 0, 1, 0, 0, nil) : status
        var length = 0
        let text = lua_tolstring(stock, -1, &length)
        let result = String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self)
        try #require(outcome == LUA_OK, "\(result)")
        return result
    }
}

/// Our library functions give what Lua's own give, errors included.
struct StockLuaTests {
    /// Makes patterns, subjects and lists from a seed, and writes down what each function says to them.
    private func corpus(seed: Int, body: String) -> String {
        """
        local seed = \(seed)
        local function pick(n) seed = (seed * 1103515245 + 12345) % 2147483648 return (seed // 65536) % n + 1 end
        local function show(...)
            local t = table.pack(...)
            for i = 1, t.n do
                -- The position, and the name of a function that is called through pcall, are the library's own affair.
                t[i] = tostring(t[i]):gsub("^[^:]*:%d+: ", "", 1):gsub("bad argument #%d to '[^']*'", "bad argument")
            end
            return table.concat(t, "|")
        end
        local out = {}
        \(body)
        return table.concat(out, "\\n")
        """
    }

    private func expectSame(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var configuration = LuaConfiguration()
        configuration.cpuBudget = nil
        let state = try LuaState(configuration)
        let ours = try state.load(source, file: "corpus.lua").call().first?.bytes
        let stock = try StockLua().evaluate(source)
        let ourLines = String(decoding: ours ?? [], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        let stockLines = stock.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(ourLines.count == stockLines.count, sourceLocation: sourceLocation)
        let differing = zip(ourLines, stockLines).first { $0 != $1 }
        #expect(differing == nil, "ours, stock: \(String(describing: differing))", sourceLocation: sourceLocation)
    }

    @Test(arguments: 1...4)
    func patternsMatchTheSame(seed: Int) throws {
        try expectSame(
            corpus(
                seed: seed * 7919,
                body: #"""
                    local items = { "a", "b", "c", ".", "%a", "%d", "%s", "%w", "%W", "[abc]", "[^a]", "[a-c]", "[%d_]", "%.", "x",
                        "(", ")", "()", "%1", "%b()", "%f[%w]", "%f[^%w]", "^", "$", "[]]", "[^]]", "[a-]", "%%", "-", "[%a-z]",
                        "[%", "%", "[a", "%g", "%p", "%x", "%u", "%z", "%f", "%b" }
                    local repeats = { "", "", "", "*", "+", "-", "?" }
                    local subjects = { "", "a", "abc", "aaa", "abcabc", "hello world", "(a(b)c)", "x = 12, y=34", "foo.bar-baz",
                        "aXbXc", "  trim  ", "a\0b", "ABC abc 123", "((())", "]]a]", "%d%d", "_x_" }
                    for i = 1, 5000 do
                        local p = {}
                        for j = 1, pick(5) do p[j] = items[pick(#items)] .. repeats[pick(#repeats)] end
                        local pattern, s, init = table.concat(p), subjects[pick(#subjects)], pick(9) - 5
                        out[#out + 1] = pattern .. " @ " .. s .. " = " .. show(pcall(string.find, s, pattern, init))
                            .. "#" .. show(pcall(string.match, s, pattern)) .. "#" .. show(pcall(string.gsub, s, pattern, "<%1>", pick(3)))
                            .. "#" .. show(pcall(string.gsub, s, pattern, "%0%0")) .. "#" .. show(pcall(string.gsub, s, pattern, { a = "A", abc = 1 }))
                            .. "#" .. show(pcall(string.gsub, s, pattern, function(a, b) return b end))
                            .. "#" .. show(pcall(function()
                                local r = {}
                                for a, b in string.gmatch(s, pattern, init) do
                                    r[#r + 1] = tostring(a) .. "," .. tostring(b)
                                    if #r > 20 then break end
                                end
                                return table.concat(r, ";")
                            end))
                    end
                    """#))
    }

    @Test func plainSearchIsTheSame() throws {
        try expectSame(
            corpus(
                seed: 5,
                body: #"""
                    for i = 1, 3000 do
                        local s, p = {}, {}
                        for j = 1, pick(30) do s[j] = ("ab\0.%"):sub(pick(5), pick(5)) end
                        for j = 1, pick(4) - 1 do p[j] = ("ab\0.%"):sub(pick(5), pick(5)) end
                        out[#out + 1] = show(pcall(string.find, table.concat(s), table.concat(p), pick(40) - 20, true))
                    end
                    """#))
    }

    @Test func tableFunctionsAreTheSame() throws {
        try expectSame(
            corpus(
                seed: 9,
                body: #"""
                    for i = 1, 3000 do
                        local t = {}
                        for j = 1, pick(8) - 1 do t[j] = pick(100) end
                        local u = table.move({ table.unpack(t) }, pick(5), pick(8), pick(8), pick(2) == 1 and {} or nil)
                        local v = { table.unpack(t) }
                        local removed = show(pcall(table.remove, v, pick(10) - 1))
                        local inserted = show(pcall(table.insert, v, pick(10) - 1, 7))
                        table.sort(t)
                        out[#out + 1] = table.concat(t, ",") .. " " .. removed .. " " .. inserted .. " " .. table.concat(v, ",")
                            .. " " .. show(pcall(table.concat, u, ";", 1, 3)) .. " " .. show(pcall(table.unpack, t, pick(4) - 2, pick(6)))
                            .. " " .. show(pcall(string.rep, "ab", pick(5) - 2, "-"))
                    end
                    """#))
    }

    @Test func datesInUTCAreTheSame() throws {
        try expectSame(
            corpus(
                seed: 11,
                body: #"""
                    local format = "!%a %A %b %B %c %C %d %D %e %F %g %G %H %I %j %m %M %p %r %R %S %T %u %U %V %w %W %x %X %y %Y %%"
                    for i = 1, 2000 do
                        local at = (pick(32768) * 32768 + pick(32768)) * 4 - 2^31 // 1 | 0
                        out[#out + 1] = os.date(format, at)
                        local t = os.date("!*t", at)
                        out[#out + 1] = show(t.year, t.month, t.day, t.hour, t.min, t.sec, t.wday, t.yday)
                    end
                    """#))
    }
}
