import LuaRuntime

/// The few functions that are simpler in Lua than around it.
final class Prelude {
    /// Lua's own `string.format`.
    let format: LuaFunction
    /// Makes one function of a script's middleware: `(handler, event, …handler's arguments)`.
    private let compose: LuaFunction
    private let state: LuaState

    private static let source = """
        local keep = ...
        keep(string.format, function(take, ...)
          local middlewares = { ... }
          take(function(handler, event, ...)
            local arguments = table.pack(...)
            local function enter(index)
              local middleware = middlewares[index]
              if middleware == nil then return handler(table.unpack(arguments, 1, arguments.n)) end
              local entered = false
              return middleware(event, function()
                if entered then error("next() was called twice by the same middleware", 2) end
                entered = true
                return enter(index + 1)
              end)
            end
            return enter(1)
          end)
        end)
        """

    init(_ state: LuaState) throws(LuaError) {
        self.state = state
        var kept: [LuaFunction] = []
        let keep = state.makeFunction("keep") { call in
            kept = [try call.checkFunction(at: 1), try call.checkFunction(at: 2)]
            return .nothing
        }
        try state.load(Self.source, file: "moonwire").call([.function(keep)], purpose: "the prelude")
        guard kept.count == 2 else { throw LuaError(.runtime, message: "the prelude did not load") }
        format = kept[0]
        compose = kept[1]
    }

    /// The chain around every handler.
    func chain(_ middlewares: [LuaFunction]) throws(LuaError) -> LuaFunction {
        var taken: LuaFunction?
        let take = state.makeFunction("take") { call in
            taken = try call.checkFunction(at: 1)
            return .nothing
        }
        try compose.call([.function(take)] + middlewares.map { .function($0) }, purpose: "the prelude")
        guard let taken else { throw LuaError(.runtime, message: "the middleware could not be joined") }
        return taken
    }
}
