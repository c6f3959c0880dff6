import LuaRuntime
import Moonwire

/// The few functions that are simpler in Lua than around it.
final class Prelude {
    /// Lua's own `string.format`.
    let format: LuaFunction
    /// Makes one function of a script's middleware: `(handler, event, …handler's arguments)`.
    private let compose: LuaFunction
    /// Makes the function that a script calls to begin a dialog.
    private let makeDialog: LuaFunction
    /// Gives a dialog's number for its function, nil for any other function.
    private let numberOfDialog: LuaFunction
    /// Makes an iterator over the pages of a list.
    private let makePages: LuaFunction
    /// Makes the handler that brings a broadcast's rows into the ledger.
    private let makeAudience: LuaFunction
    private let link: Link

    /// What the prelude's own functions stand in.
    static let file = "moonwire"

    /// What the functions in Lua reach the host by.
    private final class Link {
        /// Unowned, because the script holds the state that holds the functions, and nothing else does.
        unowned var script: LuaScript?
        var taken: LuaFunction?
    }

    /// A dialog's frame is closed by a `<close>` variable, which leaves an error's traceback as it is. In a coroutine of
    /// the script's own such a variable stays open after an error, so there the error is caught and raised again.
    private static let source = """
        local keep, take, enter, leave, fetch, add_rows, close_rows = ...

        local function compose(...)
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
        end

        local dialogs = {}
        local frames = { __close = function(frame) leave(frame[1]) end }

        local function finish(frame, ok, ...)
          leave(frame)
          if not ok then error((...), 0) end
          return ...
        end

        local function inside(frame, body, ...)
          local _, is_run = coroutine.running()
          if not is_run then return finish(frame, pcall(body, ...)) end
          local scope <close> = setmetatable({ frame }, frames)
          return body(...)
        end

        local function make_dialog(number, body)
          local function dialog(first, ...)
            local frame, is_event = enter(number, first)
            if not frame then error(is_event, 2) end
            if is_event then return inside(frame, body, (...), first, select(2, ...)) end
            return inside(frame, body, first, ...)
          end
          dialogs[dialog] = number
          take(dialog)
        end

        local function make_pages(list)
          local page, position, cursor
          take(function()
            while true do
              if page then
                position = position + 1
                local item = page[position]
                if item ~= nil then return item end
                if cursor == nil then return nil end
              end
              page, cursor = fetch(list, cursor)
              position = 0
            end
          end)
        end

        local create, resume, status, yield = coroutine.create, coroutine.resume, coroutine.status, coroutine.yield

        local function make_audience(body)
          take(function(event)
            local id, rows, count = event.raw.id, {}, 0
            local function add(row)
              count = count + 1
              rows[#rows + 1] = row
              if #rows == 200 then
                add_rows(id, rows, count, event.name)
                rows = {}
              end
            end
            local producer = create(body)
            local ok, row = resume(producer)
            while ok and status(producer) ~= "dead" do
              if row ~= nil then add(row) end
              ok, row = resume(producer)
            end
            if not ok then
              close_rows(id, tostring(row), event.raw.broadcast, event.raw.key)
              error(row, 0)
            end
            if type(row) == "table" then
              for _, one in ipairs(row) do add(one) end
            end
            if #rows > 0 then add_rows(id, rows, count, event.name) end
            close_rows(id)
          end)
        end

        keep(
          string.format, compose, make_dialog, function(body) return dialogs[body] end, make_pages, make_audience)
        """

    init(_ state: LuaState) throws(LuaError) {
        let link = Link()
        self.link = link
        var kept: [LuaFunction] = []
        let keep = state.makeFunction("keep") { call in
            for index in 1...call.count { kept.append(try call.checkFunction(at: index)) }
            return .nothing
        }
        let take = state.makeFunction("take") { call in
            link.taken = try call.checkFunction(at: 1)
            return .nothing
        }
        let enter = state.makeFunction("enter") { call in
            guard let script = link.script else { return .values([.nil, .text("the script is gone")]) }
            return script.enterDialog(Int(clamping: try call.checkInteger(at: 1)), call)
        }
        let leave = state.makeFunction("leave") { call in
            link.script?.leaveDialog(try call.checkInteger(at: 1))
            return .nothing
        }
        let fetch = state.makeFunction("fetch", suspends: true) { call in
            guard let script = link.script, let list = call.string(at: 1).flatMap(ListRequest.init(packed:)) else {
                throw LuaRaise.message("the list is gone")
            }
            return try script.fetch(list, cursor: call.string(at: 2))
        }
        let addRows = state.makeFunction("add_rows", suspends: true) { call in
            guard let script = link.script else { throw LuaRaise.message("the script is gone") }
            return try script.addRows(call)
        }
        let closeRows = state.makeFunction("close_rows", suspends: true) { call in
            guard let script = link.script else { throw LuaRaise.message("the script is gone") }
            return try script.closeRows(call)
        }
        let arguments: [LuaArgument] = [
            .function(keep), .function(take), .function(enter), .function(leave), .function(fetch),
            .function(addRows), .function(closeRows),
        ]
        try state.load(Self.source, file: Self.file).call(arguments, purpose: "the prelude")
        guard kept.count == 6 else { throw LuaError(.runtime, message: "the prelude did not load") }
        (format, compose, makeDialog, numberOfDialog, makePages) = (kept[0], kept[1], kept[2], kept[3], kept[4])
        makeAudience = kept[5]
    }

    func fill(for script: LuaScript) {
        link.script = script
    }

    /// The chain around every handler.
    func chain(_ middlewares: [LuaFunction]) throws(LuaError) -> LuaFunction {
        try take(compose, middlewares.map { .function($0) })
    }

    /// The function that runs `body` as the dialog with this number.
    func dialog(_ number: Int, _ body: LuaFunction) throws(LuaError) -> LuaFunction {
        try take(makeDialog, [.value(.integer(Int64(number))), .function(body)])
    }

    /// The number of the dialog that a function begins.
    func dialogNumber(of function: LuaFunction) throws(LuaError) -> Int? {
        try numberOfDialog.call([.function(function)], purpose: "the prelude").first?.integer.map(Int.init(clamping:))
    }

    /// An iterator over all pages of a list.
    func pages(_ list: ListRequest) throws(LuaError) -> LuaFunction {
        try take(makePages, [.text(list.packed)])
    }

    /// The handler that brings the rows which `body` yields into the ledger.
    func audience(_ body: LuaFunction) throws(LuaError) -> LuaFunction {
        try take(makeAudience, [.function(body)])
    }

    private func take(_ maker: LuaFunction, _ arguments: [LuaArgument]) throws(LuaError) -> LuaFunction {
        link.taken = nil
        try maker.call(arguments, purpose: "the prelude")
        guard let taken = link.taken else { throw LuaError(.runtime, message: "the prelude made no function") }
        link.taken = nil
        return taken
    }
}
