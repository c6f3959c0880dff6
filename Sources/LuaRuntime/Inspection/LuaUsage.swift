/// Where a value comes from, as far as the code alone tells.
public struct LuaOrigin: Hashable, Sendable {
    public enum Root: Hashable, Sendable {
        /// The table of globals.
        case globals
        /// A parameter, by position in `LuaUsage.functions` and from 0.
        case parameter(function: Int, index: Int)
        /// A local that functions inside its own function use, by position in `LuaUsage.variables`.
        case variable(Int)
        /// A function of the file, by position in `LuaUsage.functions`.
        case function(Int)
        /// A constant string.
        case text(String)
    }

    public let root: Root
    /// The members that lead from the root to the value; `nil` for a key that is computed.
    public let path: [String?]

    public init(_ root: Root, _ path: [String?] = []) {
        self.root = root
        self.path = path
    }

    /// Longer paths tell nobody anything.
    private static let longest = 8

    func member(_ name: String?) -> LuaOrigin? {
        path.count < Self.longest ? LuaOrigin(root, path + [name]) : nil
    }
}

/// What the functions of one source file read, write and call, found in its compiled form without running it.
///
/// Says nothing rather than guess: where two ways through a function leave different values in the same place, the
/// place holds nothing known.
public struct LuaUsage: Sendable {
    /// A function of the file. The first is the file itself.
    public struct Function: Sendable {
        public let line: Int
        public let parameters: [String]
        /// All locals of the function and of those around it, wherever in them they live.
        public let locals: Set<String>
    }

    public struct Variable: Sendable {
        public let name: String
        /// Where it is declared.
        public let line: Int
        /// Whether it belongs to the file and not to a function in it.
        public let isFileLevel: Bool
    }

    /// A read of a named member, `value.member` or `value:member()`.
    public struct Read: Sendable {
        public let value: LuaOrigin
        public let member: String
        /// Whether it is called as a method.
        public let isMethod: Bool
        public let function: Int
        public let line: Int
    }

    /// An assignment to a variable of an enclosing function, or to a member of a value.
    public struct Write: Sendable {
        public let target: LuaOrigin
        /// What is assigned, where that is known.
        public let value: LuaOrigin?
        public let function: Int
        public let line: Int
    }

    public struct Call: Sendable {
        public let callee: LuaOrigin
        public let arguments: [LuaOrigin?]
        public let function: Int
        public let line: Int
    }

    public internal(set) var functions: [Function] = []
    public internal(set) var variables: [Variable] = []
    public internal(set) var reads: [Read] = []
    public internal(set) var writes: [Write] = []
    public internal(set) var calls: [Call] = []
    /// Functions that are stored or handed on, so that anyone may call them later.
    var escaped: Set<Int> = []

    /// The file itself, and the functions that only it calls, directly or through one another.
    public var loadTimeFunctions: Set<Int> {
        var callers: [Int: Set<Int>] = [:]
        for call in calls {
            if case .function(let callee) = call.callee.root, call.callee.path.isEmpty {
                callers[callee, default: []].insert(call.function)
            }
        }
        var found = Set(functions.indices).subtracting(escaped)
        while true {
            let kept = found.filter { $0 == 0 || callers[$0, default: []].isSubset(of: found) }
            if kept.count == found.count { return found }
            found = kept
        }
    }
}
