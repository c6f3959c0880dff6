/// What one position of a pattern accepts.
struct ScalarMatcher: Sendable {
    enum Item: Sendable {
        case range(ClosedRange<Unicode.Scalar>)
        case digit(Bool)
        case word(Bool)
        case space(Bool)
    }

    var items: [Item]
    var isNegated = false

    static let any = ScalarMatcher(items: [], isNegated: true)

    func matches(_ scalar: Unicode.Scalar, ignoringCase: Bool) -> Bool {
        let found = items.contains { item in
            switch item {
            case .range(let range):
                if range.contains(scalar) { return true }
                guard ignoringCase, let upper = scalar.properties.uppercaseMapping.unicodeScalars.first else {
                    return false
                }
                return range.contains(upper)
            case .digit(let wanted): return (scalar.properties.numericType == .decimal) == wanted
            case .word(let wanted): return Self.isWord(scalar) == wanted
            case .space(let wanted): return scalar.properties.isWhitespace == wanted
            }
        }
        return found != isNegated
    }

    static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
    }
}

indirect enum PatternTree {
    case empty
    case one(ScalarMatcher)
    case start
    case end
    case boundary(Bool)
    case sequence([PatternTree])
    case either([PatternTree])
    case repeated(PatternTree, minimum: Int, maximum: Int?)
}

struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private let offset: Int
    private var position = 0
    private var depth = 0

    init(_ source: Substring, offset: Int) {
        scalars = Array(source.unicodeScalars)
        self.offset = offset
    }

    mutating func parse() throws(PatternError) -> PatternTree {
        let tree = try alternatives()
        guard position == scalars.count else { throw failure("an unmatched ')'") }
        return tree
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func failure(_ what: String) -> PatternError {
        PatternError(description: "\(what) at position \(position + offset + 1) of the pattern")
    }

    private mutating func alternatives() throws(PatternError) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 50 else { throw failure("groups nested deeper than 50") }
        var branches = [try sequence()]
        while next == "|" {
            position += 1
            branches.append(try sequence())
        }
        return branches.count == 1 ? branches[0] : .either(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try quantified(try atom()))
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func quantified(_ atom: PatternTree) throws(PatternError) -> PatternTree {
        switch next {
        case "*":
            position += 1
            return .repeated(atom, minimum: 0, maximum: nil)
        case "+":
            position += 1
            return .repeated(atom, minimum: 1, maximum: nil)
        case "?":
            position += 1
            return .repeated(atom, minimum: 0, maximum: 1)
        case "{":
            position += 1
            let minimum = try number()
            var maximum: Int? = minimum
            if next == "," {
                position += 1
                maximum = next == "}" ? nil : try number()
            }
            guard next == "}" else { throw failure("a '{' without its '}'") }
            position += 1
            if let maximum, maximum < minimum { throw failure("a repeat whose end is below its beginning") }
            return .repeated(atom, minimum: minimum, maximum: maximum)
        default: return atom
        }
    }

    private mutating func number() throws(PatternError) -> Int {
        var value = 0
        let start = position
        while let scalar = next, ("0"..."9").contains(scalar), value <= 100 {
            value = value * 10 + Int(scalar.value - 0x30)
            position += 1
        }
        guard position > start, value <= 100 else { throw failure("a repeat that is no number up to 100") }
        return value
    }

    private mutating func atom() throws(PatternError) -> PatternTree {
        guard let scalar = next else { throw failure("an unexpected end") }
        position += 1
        switch scalar {
        case ".": return .one(.any)
        case "^": return .start
        case "$": return .end
        case "(":
            if next == "?" { throw failure("a look-around or named group, which linear patterns lack,") }
            let tree = try alternatives()
            guard next == ")" else { throw failure("a '(' without its ')'") }
            position += 1
            return tree
        case "[": return .one(try set())
        case "\\": return try escape()
        case "*", "+", "?", "{": throw failure("a repeat with nothing before it")
        default: return .one(ScalarMatcher(items: [.range(scalar...scalar)]))
        }
    }

    private mutating func escape() throws(PatternError) -> PatternTree {
        guard let scalar = next else { throw failure("a '\\' with nothing after it") }
        position += 1
        switch scalar {
        case "b": return .boundary(true)
        case "B": return .boundary(false)
        default: return .one(ScalarMatcher(items: [try escapedItem(scalar)]))
        }
    }

    private func escapedItem(_ scalar: Unicode.Scalar) throws(PatternError) -> ScalarMatcher.Item {
        switch scalar {
        case "d": return .digit(true)
        case "D": return .digit(false)
        case "w": return .word(true)
        case "W": return .word(false)
        case "s": return .space(true)
        case "S": return .space(false)
        case "n": return .range("\n"..."\n")
        case "t": return .range("\t"..."\t")
        case "r": return .range("\r"..."\r")
        default:
            if ScalarMatcher.isWord(scalar) { throw failure("the unknown escape '\\\(scalar)'") }
            return .range(scalar...scalar)
        }
    }

    private mutating func set() throws(PatternError) -> ScalarMatcher {
        var matcher = ScalarMatcher(items: [])
        if next == "^" {
            matcher.isNegated = true
            position += 1
        }
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            position += 1
            if scalar == "\\" {
                guard let escaped = next else { break }
                position += 1
                matcher.items.append(try escapedItem(escaped))
            } else if next == "-", position + 1 < scalars.count, scalars[position + 1] != "]" {
                let upper = scalars[position + 1]
                guard scalar <= upper else { throw failure("a range whose end is below its beginning") }
                position += 2
                matcher.items.append(.range(scalar...upper))
            } else {
                matcher.items.append(.range(scalar...scalar))
            }
        }
        guard next == "]" else { throw failure("a '[' without its ']'") }
        position += 1
        return matcher
    }
}

struct PatternCompiler {
    private var program: [Instruction] = []
    /// Counts empty groups too, whose repeats emit nothing.
    private var emissions = 0

    mutating func compile(_ tree: PatternTree) throws(PatternError) -> [Instruction] {
        try emit(tree)
        program.append(.match)
        return program
    }

    private mutating func emit(_ tree: PatternTree) throws(PatternError) {
        emissions += 1
        guard program.count < 10_000, emissions < 100_000 else {
            throw PatternError(description: "the pattern becomes too large; use smaller repeats")
        }
        switch tree {
        case .empty: break
        case .one(let matcher): program.append(.consume(matcher))
        case .start: program.append(.start)
        case .end: program.append(.end)
        case .boundary(let wanted): program.append(.boundary(wanted))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .either(let branches): try emit(branches: branches)
        case .repeated(let part, let minimum, let maximum):
            for _ in 0..<minimum { try emit(part) }
            if let maximum {
                for _ in minimum..<max(minimum, maximum) { try emitOptional(part) }
            } else {
                let split = program.count
                program.append(.match)
                try emit(part)
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
            }
        }
    }

    private mutating func emitOptional(_ part: PatternTree) throws(PatternError) {
        let split = program.count
        program.append(.match)
        try emit(part)
        program[split] = .split(split + 1, program.count)
    }

    private mutating func emit(branches: [PatternTree]) throws(PatternError) {
        var ends: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try emit(branch)
                continue
            }
            let split = program.count
            program.append(.match)
            try emit(branch)
            ends.append(program.count)
            program.append(.match)
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }
}
