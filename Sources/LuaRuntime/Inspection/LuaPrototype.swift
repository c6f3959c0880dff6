/// One function of a compiled file.
struct LuaPrototype {
    /// A variable of an enclosing function.
    struct Upvalue {
        /// Whether `index` is a register of the parent; else one of the parent's own upvalues.
        let isLocalOfParent: Bool
        let index: Int
        let name: String
    }

    /// A named local, and the instructions between which it lives.
    struct Local {
        let name: String
        let start: Int
        let end: Int
    }

    /// The position of the enclosing function; `nil` for the file itself.
    let parent: Int?
    let line: Int
    let parameterCount: Int
    let registerCount: Int
    let code: [LuaInstruction]
    /// What constants that are strings say; `nil` for the others.
    let constants: [String?]
    var upvalues: [Upvalue]
    /// Positions of the functions inside.
    var children: [Int]
    /// The line of each instruction.
    let lines: [Int]
    let locals: [Local]

    /// The position in `locals` of the one that a register holds at an instruction.
    func local(in register: Int, at pc: Int) -> Int? {
        var left = register
        for (position, local) in locals.enumerated() {
            guard local.start <= pc else { return nil }
            guard pc < local.end else { continue }
            if left == 0 { return position }
            left -= 1
        }
        return nil
    }

    func line(at pc: Int) -> Int {
        lines.indices.contains(pc) ? lines[pc] : line
    }

    func constant(_ index: Int) -> String? {
        constants.indices.contains(index) ? constants[index] : nil
    }
}
