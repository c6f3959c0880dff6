/// How much of a Lua value is copied to Swift before the copy is refused.
public struct LuaLimits: Sendable {
    public var depth: Int
    /// Keys and values, all tables together.
    public var elements: Int
    /// Bytes of strings, all together.
    public var bytes: Int

    public init(depth: Int = 32, elements: Int = 100_000, bytes: Int = 16 << 20) {
        self.depth = depth
        self.elements = elements
        self.bytes = bytes
    }
}
