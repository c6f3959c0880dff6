import LuaRuntime
import Testing

struct LibraryTests {
    @Test func sortingIsStableAndKeepsItsBounds() throws {
        let source = """
            local t = {}
            for i = 1, 1000 do t[i] = { key = (i * 7919) % 10, at = i } end
            table.sort(t, function(a, b) return a.key < b.key end)
            for i = 2, #t do
                local a, b = t[i - 1], t[i]
                assert(a.key < b.key or (a.key == b.key and a.at < b.at))
            end
            local words = { "b", "a", "C", "" }
            table.sort(words)
            table.sort({ 1, 2, 3, 4, 5 }, function() return true end)
            return table.concat(words, ","), (pcall(table.sort, { 1, "a" })), (pcall(table.sort, { 3, 1 }, error))
            """
        #expect(try evaluate(source) == [",C,a,b", false, false])
    }

    @Test func tableFunctionsMeanWhatTheyDoInLua() throws {
        let source = """
            local t = { 1, 2, 3, 4, 5 }
            table.move(t, 2, 5, 1)
            table.insert(t, 1, 0) table.insert(t, 9)
            local removed = table.remove(t, 2)
            local joined = table.concat(t, "-")
            local packed = table.pack(table.unpack({ 1, nil, 3 }, 1, 3))
            local moved = table.move({ 1, 2, 3 }, 1, 3, 2, {})
            return joined, removed, packed.n, packed[3], table.concat(moved, ",", 2), table.remove({}), table.concat({}),
                (pcall(table.insert, t, 20, 1)), (pcall(table.insert, t)), (pcall(table.unpack, {}, 1, 1e8)), (pcall(table.concat, { {} }))
            """
        #expect(try evaluate(source) == ["0-3-4-5-5-9", 2, 3, 3, "1,2,3", .nil, "", false, false, false, false])
    }

    @Test func protectedCallsMeanWhatTheyDoInLua() throws {
        let source = """
            local ok, e = xpcall(function(a, b) error({ a + b }) end, function(e) return e[1] * 2 end, 1, 2)
            local inner = select(2, pcall(function() error("x", 0) end))
            return ok, e, inner, select("#", pcall(function() return 1, nil, nil end)), (pcall(pcall)), (pcall(xpcall, 1))
            """
        #expect(try evaluate(source) == [false, 6, "x", 4, false, false])
    }

    @Test func coroutinesMeanWhatTheyDoInLua() throws {
        let source = """
            local out = {}
            local function note(value) out[#out + 1] = value end
            local co = coroutine.create(function(a, b)
                note(a + b)
                local c = coroutine.yield(a * b)
                note(c)
                note(coroutine.status(coroutine.running()))
                return "done", "twice"
            end)
            note(coroutine.status(co))
            note(select(2, coroutine.resume(co, 3, 4)))
            note(select(3, coroutine.resume(co, "go")))
            note(coroutine.status(co))
            note(select(2, coroutine.resume(co)))
            local closing = {}
            local closed = coroutine.create(function()
                local x <close> = setmetatable({}, { __close = function() closing[1] = "closed" end })
                coroutine.yield()
            end)
            coroutine.resume(closed)
            note(tostring(coroutine.close(closed)) .. closing[1])
            note(select(2, coroutine.resume(coroutine.running())))
            note(select(2, pcall(coroutine.wrap(function() error("in wrap", 0) end))))
            return table.concat(out, " | ")
            """
        let expected =
            "suspended | 7 | 12 | go | running | twice | dead | cannot resume dead coroutine | trueclosed"
            + " | cannot resume non-suspended coroutine | in wrap"
        #expect(try evaluate(source) == [.text(expected)])
    }
}
