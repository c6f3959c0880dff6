/// A small regular expression that matches in time linear in the text, whatever the pattern.
///
/// The subset: literal characters, `.`, sets `[a-z]` and `[^…]`, `\d \w \s \b` and their upper-case opposites,
/// groups `( )` without capture, `|`, the repeats `* + ?` and `{n}`, `{n,m}` up to 100, the anchors `^ $`, and `(?i)`
/// at the beginning. No back references and no look-around: these cannot be matched in linear time.
public struct LinearPattern: Sendable {
    public let source: String
    private let program: [Instruction]
    private let ignoresCase: Bool

    /// - Throws: `PatternError` with the position of what is not understood.
    public init(_ source: String) throws(PatternError) {
        self.source = source
        var body = Substring(source)
        ignoresCase = body.hasPrefix("(?i)")
        if ignoresCase { body = body.dropFirst(4) }
        var parser = PatternParser(body, offset: ignoresCase ? 4 : 0)
        let tree = try parser.parse()
        var compiler = PatternCompiler()
        program = try compiler.compile(tree)
    }

    /// Whether the pattern matches anywhere in the text. Time is at most (length of text) × (length of pattern).
    public func matches(_ text: String) -> Bool {
        let scalars = Array((ignoresCase ? text.lowercased() : text).unicodeScalars)
        var current = StateSet(count: program.count)
        var next = StateSet(count: program.count)
        for position in 0...scalars.count {
            let before = position > 0 ? scalars[position - 1] : nil
            let after = position < scalars.count ? scalars[position] : nil
            if add(0, to: &current, before: before, after: after) { return true }
            guard let after else { return false }
            let following = position + 1 < scalars.count ? scalars[position + 1] : nil
            next.removeAll()
            for index in 0..<current.count {
                let state = current[index]
                if case .consume(let matcher) = program[state], matcher.matches(after, ignoringCase: ignoresCase) {
                    if add(state + 1, to: &next, before: after, after: following) { return true }
                }
            }
            swap(&current, &next)
        }
        return false
    }

    /// Follows what consumes nothing; `true` when the end of the pattern is reached.
    private func add(
        _ start: Int, to states: inout StateSet, before: Unicode.Scalar?, after: Unicode.Scalar?
    ) -> Bool {
        var stack = [start]
        while let state = stack.popLast() {
            guard states.insert(state) else { continue }
            switch program[state] {
            case .match: return true
            case .consume: break
            case .jump(let target): stack.append(target)
            case .split(let first, let second):
                stack.append(second)
                stack.append(first)
            case .start: if before == nil { stack.append(state + 1) }
            case .end: if after == nil { stack.append(state + 1) }
            case .boundary(let wanted):
                let isBoundary = ScalarMatcher.isWord(before) != ScalarMatcher.isWord(after)
                if isBoundary == wanted { stack.append(state + 1) }
            }
        }
        return false
    }
}

/// What is wrong with a pattern, and where.
public struct PatternError: Error, Sendable, CustomStringConvertible {
    public let description: String
}

enum Instruction: Sendable {
    case consume(ScalarMatcher)
    case jump(Int)
    case split(Int, Int)
    case start
    case end
    case boundary(Bool)
    case match
}

/// A set of program states with constant-time insertion, emptying and ordered walk.
private struct StateSet {
    private var members: [Int] = []
    private var isMember: [Bool]

    init(count: Int) {
        isMember = Array(repeating: false, count: count)
        members.reserveCapacity(count)
    }

    var count: Int { members.count }
    subscript(index: Int) -> Int { members[index] }

    mutating func insert(_ state: Int) -> Bool {
        guard !isMember[state] else { return false }
        isMember[state] = true
        members.append(state)
        return true
    }

    mutating func removeAll() {
        for member in members { isMember[member] = false }
        members.removeAll(keepingCapacity: true)
    }
}
