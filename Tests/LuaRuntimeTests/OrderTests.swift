import LuaRuntime
import Testing

struct OrderTests {
    @Test func pairsVisitsNumbersThenStringsThenBooleans() throws {
        let source = """
            local t = { b = 1, a = 2, ["a\\0b"] = 3, [3] = 4, [-1] = 5, [2.5] = 6, [1] = 7, [true] = 8, [false] = 9,
                [math.mininteger] = 10, [math.huge] = 11, [-math.huge] = 12, [2^63] = 13, [math.maxinteger] = 14 }
            local keys = {}
            for k, v in pairs(t) do assert(t[k] == v); keys[#keys + 1] = tostring(k):gsub("%z", "0") end
            return table.concat(keys, " ")
            """
        let expected =
            "-inf -9223372036854775808 -1 1 2.5 3 9223372036854775807 9.2233720368548e+18 inf a a0b b false true"
        #expect(try evaluate(source) == [.text(expected)])
    }

    @Test(arguments: [1, 5, 17, 199, 200, 201, 3000])
    func everySizeIsVisitedOnceAndInOrder(count: Int) throws {
        let source = """
            local t, seen, last = {}, 0, nil
            for i = 1, \(count) do t["k" .. (i * 7919) % 100003] = i end
            for k in pairs(t) do assert(not last or last < k); last = k; seen = seen + 1 end
            local stepped, key = 0, next(t)
            while key ~= nil do stepped = stepped + 1; key = next(t, key) end
            local list, sum = {}, 0
            for i = 1, \(count) do list[i] = i end
            for i, v in pairs(list) do assert(i == v); sum = sum + 1 end
            return seen, stepped, sum
            """
        let count = LuaValue.integer(Int64(count))
        #expect(try evaluate(source) == [count, count, count])
    }

    @Test func fieldsMayBeAssignedAndRemovedMeanwhile() throws {
        let source = """
            local t = { a = 1, b = 2, c = 3, d = 4 }
            local seen = {}
            for k, v in pairs(t) do seen[#seen + 1] = k .. v; t[k] = nil; t.c = 30 end
            local u, more = { a = 1, b = 2, c = 3 }, {}
            local k, v = next(u)
            while k do more[#more + 1] = k; u[k] = nil; k, v = next(u, k) end
            return table.concat(seen, " "), table.concat(more, " "), next(u)
            """
        #expect(try evaluate(source) == ["a1 b2 c30 d4", "a b c", .nil])
    }

    @Test func nextWorksAsAnIteratorAndInterleaved() throws {
        let source = """
            local a, b, out = { x = 1, y = 2, z = 3 }, { 10, 20, 30 }, {}
            local i, j = next(a), next(b)
            while i do out[#out + 1] = i .. j; i = next(a, i); j = next(b, j) end
            for k, v in next, a do out[#out + 1] = k .. v end
            return table.concat(out, " ")
            """
        #expect(try evaluate(source) == ["x1 y2 z3 x1 y2 z3"])
    }

    @Test func otherKeysAreAnErrorThatSaysSo() throws {
        for source in ["for k in pairs({ [{}] = 1 }) do end", "next({ [print] = 1 })"] {
            #expect(try failure(of: source).message.contains("only numbers, strings and booleans have a fixed order"))
        }
    }

    @Test func pairsHonoursItsMetamethodAndMayWaitInIt() throws {
        let source = """
            local t = setmetatable({}, { __pairs = function(t)
                local word = wait("order")
                return function(_, k) if not k then return 1, word end end, t, nil
            end })
            for k, v in pairs(t) do return k, v end
            """
        #expect(try ScriptHarness().finish(source) == [1, "order!"])
    }
}
