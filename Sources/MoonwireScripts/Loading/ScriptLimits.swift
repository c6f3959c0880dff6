/// What one script may use.
public struct ScriptLimits: Sendable, Hashable {
    /// Bytes that its Lua state may hold.
    public var memory: Int
    /// Thread time between two steps.
    public var cpu: Duration
    /// The longest string that a library function builds.
    public var stringBytes: Int

    public init(memory: Int = 64 << 20, cpu: Duration = .milliseconds(200), stringBytes: Int = 16 << 20) {
        self.memory = max(memory, 1 << 20)
        self.cpu = max(cpu, .milliseconds(1))
        self.stringBytes = max(stringBytes, 1024)
    }
}
