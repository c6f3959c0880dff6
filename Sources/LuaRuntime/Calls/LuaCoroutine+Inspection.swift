import CLuaSupport

/// One frame of a waiting coroutine, for people who inspect it.
public struct LuaFrame: Sendable, Hashable {
    /// A variable and a short text for its value.
    public struct Variable: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    /// As Lua would call it; `nil` for a handler, which the host called.
    public let function: String?
    public let file: String
    public let line: Int
    public let locals: [Variable]
    /// What the function took along from around it.
    public let upvalues: [Variable]
}

extension LuaCoroutine {
    private static let mostFrames = 50
    private static let mostVariables: Int32 = 100

    /// The Lua frames of a waiting coroutine, innermost first, with their named variables; those of coroutines that
    /// the script made itself and waits in come before the run's own. Runs nothing in Lua, no metamethod either.
    public func frames() -> [LuaFrame] {
        guard core.pointer != nil, status == .suspended else { return [] }
        var stacks = [luaThread]
        while stacks.count < Self.mostFrames, let last = stacks.last, let child = lh_waiting_child(last) {
            stacks.append(child)
        }
        return Array(stacks.reversed().flatMap(frames(of:)).prefix(Self.mostFrames))
    }

    /// The locals of the innermost Lua function.
    public func locals() -> [LuaFrame.Variable] {
        frames().first?.locals ?? []
    }

    private func frames(of stack: OpaquePointer) -> [LuaFrame] {
        var frames: [LuaFrame] = []
        for level in 0..<Int32(Self.mostFrames) {
            var name: UnsafePointer<CChar>?
            var file: UnsafePointer<CChar>?
            var length = 0
            var line: Int32 = 0
            guard lh_frame(stack, level, &name, &file, &length, &line) else { break }
            guard let file else { continue }
            frames.append(
                LuaFrame(
                    function: name.map { String(cString: $0) },
                    file: String(decoding: UnsafeRawBufferPointer(start: file, count: length), as: UTF8.self),
                    line: Int(line), locals: variables(on: stack) { lh_local(stack, level, $0) },
                    upvalues: variables(on: stack) { lh_upvalue(stack, level, $0) }))
        }
        return frames
    }

    /// `push` pushes the variable with a number from 1 and gives its name, `nil` behind the last.
    private func variables(
        on stack: OpaquePointer, push: (Int32) -> UnsafePointer<CChar>?
    ) -> [LuaFrame.Variable] {
        let top = lh_top(stack)
        defer { lh_set_top(stack, top) }
        var variables: [LuaFrame.Variable] = []
        for index in 1...Self.mostVariables {
            lh_set_top(stack, top)
            guard let name = push(index).map({ String(cString: $0) }) else { break }
            // Names in parentheses are the compiler's own, and every function has its globals.
            guard !name.hasPrefix("("), name != "_ENV" else { continue }
            variables.append(LuaFrame.Variable(name: name, value: LuaValueText(core: core, stack: stack).text(of: -1)))
        }
        return variables
    }
}
