/// Why Lua code did not load, or did not run to its end.
public struct LuaError: Error, Sendable {
    /// The kind of failure. More may come.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Kind: String {
            case syntax, bytecode, runtime, memory, cpu, killed, interrupted, closed, conversion, json
        }

        private let kind: Kind

        private init(_ kind: Kind) {
            self.kind = kind
        }

        /// The source is not Lua.
        public static let syntax = Code(.syntax)
        /// The source is compiled code, which is never accepted.
        public static let bytecode = Code(.bytecode)
        /// The script raised an error and did not catch it.
        public static let runtime = Code(.runtime)
        /// The memory limit was reached.
        public static let memory = Code(.memory)
        /// The CPU budget of one entry was spent.
        public static let cpu = Code(.cpu)
        /// A host function ended the run; `underlying` is the error it threw.
        public static let killed = Code(.killed)
        /// Another thread asked the run to end.
        public static let interrupted = Code(.interrupted)
        /// The state has been closed.
        public static let closed = Code(.closed)
        /// A value cannot be copied between Lua and Swift.
        public static let conversion = Code(.conversion)
        /// Bytes are not JSON, or a value cannot be written as JSON.
        public static let json = Code(.json)

        public var description: String { kind.rawValue }
    }

    public var code: Code
    /// What happened, for people, without the position.
    public var message: String
    /// The file that failed, as it was named when it was loaded.
    public var file: String?
    public var line: Int?
    /// How Lua got there, from the coroutine that failed. Empty for syntax errors.
    public var traceback: String
    /// What the script raised: a string, or the fields of an error object.
    public var value: LuaValue
    /// For `.killed`: the error that the host function threw.
    public var underlying: (any Error)?

    public init(
        _ code: Code, message: String, file: String? = nil, line: Int? = nil, traceback: String = "",
        value: LuaValue = .nil, underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.traceback = traceback
        self.value = value
        self.underlying = underlying
    }

    /// `file:line`, if known.
    public var position: String? {
        guard let file else { return nil }
        return line.map { "\(file):\($0)" } ?? file
    }

    /// The `retryable` field of an error object.
    public var retryable: Bool { value.table?["retryable"].boolean ?? false }

    /// The kind of failure alone, for metrics.
    public var shortDescription: String { "lua.\(code)" }
}

extension LuaError: CustomStringConvertible {
    public var description: String {
        position.map { "\($0): \(message)" } ?? message
    }
}
