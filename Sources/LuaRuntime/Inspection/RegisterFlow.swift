/// What the registers of one function hold at each of its instructions, on every way that leads there.
struct RegisterFlow {
    /// The registers, each with what it is known to hold.
    typealias Registers = [LuaOrigin?]

    /// Instructions looked at before a function counts as too big to understand.
    private static let mostWork = 2_000_000
    /// Registers kept for all places where ways begin or meet.
    private static let mostKept = 2_000_000

    private let function: LuaPrototype
    private let index: Int
    private let upvalues: [LuaOrigin?]
    /// Registers that functions inside assign to at times that nobody can tell.
    private let shared: Set<Int>
    private let leaders: Set<Int>
    /// What is known where ways begin or meet.
    private var states: [Int: Registers] = [:]
    /// Functions of the file that the flow loses sight of.
    private(set) var lost: Set<Int> = []

    init(_ function: LuaPrototype, index: Int, upvalues: [LuaOrigin?], shared: Set<Int>) {
        self.function = function
        self.index = index
        self.upvalues = upvalues
        self.shared = shared
        leaders = Self.leaders(of: function)
        if leaders.count * function.registerCount <= Self.mostKept { spread() }
    }

    private static func leaders(of function: LuaPrototype) -> Set<Int> {
        var leaders: Set<Int> = [0]
        for (pc, instruction) in function.code.enumerated() {
            let successors = instruction.successors(at: pc)
            if successors != [pc + 1] { leaders.formUnion(successors) }
        }
        return leaders
    }

    /// Calls `body` for each instruction that can be reached, in order, with what the registers hold before it.
    func visit(_ body: (_ pc: Int, _ instruction: LuaInstruction, _ registers: Registers) -> Void) {
        for leader in states.keys.sorted() {
            guard var registers = states[leader] else { continue }
            walk(from: leader, &registers) { body($0, $1, $2) }
        }
    }

    private mutating func spread() {
        var entry = Registers(repeating: nil, count: function.registerCount)
        for parameter in 0..<min(function.parameterCount, entry.count) where !shared.contains(parameter) {
            entry[parameter] = LuaOrigin(.parameter(function: index, index: parameter))
        }
        states[0] = entry
        var pending = [0]
        var work = 0
        while let leader = pending.popLast(), var registers = states[leader] {
            let next = walk(from: leader, &registers) { _, _, _ in work += 1 }
            guard work < Self.mostWork else {
                states = [:]
                return
            }
            for target in next where function.code.indices.contains(target) {
                if merge(registers, into: target) { pending.append(target) }
            }
        }
    }

    /// Goes through the instructions up to where ways part or meet, and tells where they lead.
    @discardableResult
    private func walk(
        from leader: Int, _ registers: inout Registers,
        _ body: (_ pc: Int, _ instruction: LuaInstruction, _ registers: Registers) -> Void
    ) -> [Int] {
        var pc = leader
        while function.code.indices.contains(pc) {
            let instruction = function.code[pc]
            body(pc, instruction, registers)
            apply(instruction, at: pc, &registers)
            let next = instruction.successors(at: pc)
            guard next == [pc + 1], !leaders.contains(pc + 1) else { return next }
            pc += 1
        }
        return []
    }

    /// Keeps what both ways agree on. Tells whether that is news.
    private mutating func merge(_ registers: Registers, into target: Int) -> Bool {
        guard let known = states[target] else {
            states[target] = registers
            return true
        }
        var merged = known
        for (register, origin) in known.enumerated() where origin != registers[register] {
            for case .function(let function)? in [origin?.root, registers[register]?.root] { lost.insert(function) }
            merged[register] = nil
        }
        guard merged != known else { return false }
        states[target] = merged
        return true
    }

    private func apply(_ instruction: LuaInstruction, at pc: Int, _ registers: inout Registers) {
        let result = result(of: instruction, registers)
        let object = instruction.operation == .method ? registers[safe: instruction.b] : nil
        for register in instruction.changes.clamped(to: 0..<registers.count) { registers[register] = nil }
        guard instruction.a < registers.count else { return }
        if let result, !shared.contains(instruction.a) { registers[instruction.a] = result }
        if let object, instruction.a + 1 < registers.count { registers[instruction.a + 1] = object }
    }

    /// What an instruction puts into register A.
    private func result(of instruction: LuaInstruction, _ registers: Registers) -> LuaOrigin? {
        switch instruction.operation {
        case .move: registers[safe: instruction.b]
        case .loadK: function.constant(instruction.bx).map { LuaOrigin(.text($0)) }
        case .getUpvalue: upvalue(instruction.b)
        case .closure: function.children[safe: instruction.bx].map { LuaOrigin(.function($0)) }
        case .getTableUp, .getTable, .getI, .getField, .method:
            object(of: instruction, registers)?.member(key(of: instruction, registers))
        default: nil
        }
    }

    func upvalue(_ index: Int) -> LuaOrigin? { upvalues[safe: index] ?? nil }

    /// The value whose member an instruction reads or assigns.
    func object(of instruction: LuaInstruction, _ registers: Registers) -> LuaOrigin? {
        switch instruction.operation {
        case .getTableUp: upvalue(instruction.b)
        case .setTableUp: upvalue(instruction.a)
        case .getTable, .getI, .getField, .method: registers[safe: instruction.b]
        case .setTable, .setI, .setField: registers[safe: instruction.a]
        default: nil
        }
    }

    /// The name of that member, unless it is computed.
    func key(of instruction: LuaInstruction, _ registers: Registers) -> String? {
        switch instruction.operation {
        case .getTableUp, .getField: return function.constant(instruction.c)
        case .setTableUp, .setField: return function.constant(instruction.b)
        case .method where instruction.k: return function.constant(instruction.c)
        case .getTable, .method: return text(registers[safe: instruction.c])
        case .setTable: return text(registers[safe: instruction.b])
        default: return nil
        }
    }

    private func text(_ origin: LuaOrigin?) -> String? {
        guard case .text(let text)? = origin?.root, origin?.path.isEmpty == true else { return nil }
        return text
    }
}

extension Array {
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension [LuaOrigin?] {
    /// What a register holds, if it exists and that is known.
    subscript(safe index: Int) -> LuaOrigin? { indices.contains(index) ? self[index] : nil }
}
