/// Limits of a state, and what it asks of its host.
public struct LuaConfiguration: Sendable {
    /// What the CPU budget counts.
    public enum CPUClock: Sendable {
        /// CPU time of the thread: waiting for a core is free.
        case thread
        /// Wall time.
        case monotonic
    }

    /// Bytes that scripts may hold. Host code may overshoot; the script then fails at its next step.
    public var memoryLimit = 64 << 20
    /// What one entry into Lua (a call, a resume) may use, in total; `nil` for no limit.
    public var cpuBudget: Duration? = .milliseconds(200)
    public var cpuClock = CPUClock.thread
    /// Lua instructions between two looks at the clock.
    public var checkInterval = 1000
    /// The longest string that a library function builds.
    public var maximumStringBytes = 16 << 20
    /// Steps that one pattern match may take.
    public var patternSteps = 1_000_000
    /// Names the script in errors that have no position.
    public var scriptName = "script"
    /// Where `print` goes, one call for each line.
    public var log: @Sendable (String) -> Void = { _ in }
    /// The local time zone for `os.date` and `os.time`, at an instant in seconds since 1970.
    public var timeZone: @Sendable (Int64) -> LuaTimeZone = { _ in .utc }
    /// Finds a module's source for `require`; the name is dotted (`orders.status`), and already checked.
    public var module: @Sendable (String) -> LuaSource? = { _ in nil }

    public init() {}
}

/// Offset and name of a time zone at one instant.
public struct LuaTimeZone: Sendable, Hashable {
    public var secondsEast: Int
    public var isDaylightSaving: Bool
    public var abbreviation: String

    public init(secondsEast: Int, isDaylightSaving: Bool = false, abbreviation: String) {
        self.secondsEast = secondsEast
        self.isDaylightSaving = isDaylightSaving
        self.abbreviation = abbreviation
    }

    public static let utc = LuaTimeZone(secondsEast: 0, abbreviation: "UTC")
}

/// A Lua source file.
public struct LuaSource: Sendable, Hashable {
    /// The name that errors show, such as `scripts/orders.lua`.
    public var file: String
    public var bytes: [UInt8]

    public init(file: String, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
    }

    public init(file: String, text: String) {
        self.init(file: file, bytes: Array(text.utf8))
    }
}
