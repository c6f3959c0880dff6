import CLuaSupport

/// One frame of a waiting coroutine, for people who inspect it.
public struct LuaFrame: Sendable, Hashable {
    /// A local variable and a short text for its value.
    public struct Local: Sendable, Hashable {
        public let name: String
        public let value: String
    }

    public let function: String?
    public let file: String
    public let line: Int
    public let locals: [Local]
}

extension LuaCoroutine {
    private static let mostFrames = 50
    private static let mostLocals = 100

    /// The Lua frames of a waiting coroutine, innermost first, with their named locals.
    public func frames() -> [LuaFrame] {
        guard core.pointer != nil, status == .suspended else { return [] }
        var frames: [LuaFrame] = []
        for level in 0..<Int32(Self.mostFrames) {
            var name: UnsafePointer<CChar>?
            var file: UnsafePointer<CChar>?
            var length = 0
            var line: Int32 = 0
            guard lh_frame(luaThread, level, &name, &file, &length, &line) else { break }
            guard let file else { continue }
            frames.append(
                LuaFrame(
                    function: name.map { String(cString: $0) },
                    file: String(decoding: UnsafeRawBufferPointer(start: file, count: length), as: UTF8.self),
                    line: Int(line), locals: locals(level)))
        }
        return frames
    }

    /// The locals of the innermost Lua function.
    public func locals() -> [LuaFrame.Local] {
        frames().first?.locals ?? []
    }

    private func locals(_ level: Int32) -> [LuaFrame.Local] {
        var locals: [LuaFrame.Local] = []
        for index in 1...Int32(Self.mostLocals) {
            let top = lh_top(luaThread)
            guard let name = lh_local(luaThread, level, index) else { break }
            defer { lh_set_top(luaThread, top) }
            // Names in parentheses are the compiler's own.
            guard name.pointee != CChar(UInt8(ascii: "(")) else { continue }
            let value = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
                let length = lh_describe(luaThread, -1, buffer.baseAddress, buffer.count)
                return String(
                    decoding: UnsafeRawBufferPointer(start: buffer.baseAddress, count: length), as: UTF8.self)
            }
            locals.append(LuaFrame.Local(name: String(cString: name), value: value))
        }
        return locals
    }
}
