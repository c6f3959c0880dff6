extension LuaUsage {
    /// - Parameter source: the text, to find where variables are declared.
    init(_ functions: [LuaPrototype], source: String) {
        let captured = CapturedVariables(functions)
        let text = source.split(separator: "\n", omittingEmptySubsequences: false)
        for function in functions {
            // The compiler's own locals have names in parentheses.
            let own = function.locals.map(\.name).filter { !$0.hasPrefix("(") }
            self.functions.append(
                Function(
                    line: function.line, parameters: Array(own.prefix(function.parameterCount)),
                    locals: function.parent.map { self.functions[$0].locals }?.union(own) ?? Set(own)))
        }
        variables = captured.variables.map { variable in
            let owner = functions[variable.function]
            return Variable(
                name: variable.local.name,
                line: declaration(
                    of: variable.local.name, upTo: owner.line(at: max(0, variable.local.start - 1)), text),
                isFileLevel: variable.function == 0)
        }
        // A function comes after the one around it, whose locals it may use.
        var known: [LuaOrigin?] = captured.variables.map { _ in nil }
        for (index, function) in functions.enumerated() {
            let upvalues = captured.sources[index].map { source -> LuaOrigin? in
                switch source {
                case .globals: LuaOrigin(.globals)
                case .variable(let variable): known[variable] ?? LuaOrigin(.variable(variable))
                case .unknown: nil
                }
            }
            let shared = captured.variables.filter { $0.function == index && $0.isAssignedInside }.map(\.register)
            let flow = RegisterFlow(function, index: index, upvalues: upvalues, shared: Set(shared))
            collect(flow, function, index, captured, &known)
        }
    }

    private mutating func collect(
        _ flow: RegisterFlow, _ function: LuaPrototype, _ index: Int, _ captured: CapturedVariables,
        _ known: inout [LuaOrigin?]
    ) {
        var isReached = false
        flow.visit { pc, instruction, registers in
            isReached = true
            let line = function.line(at: pc)
            switch instruction.operation {
            case .getTableUp, .getField, .getTable, .method:
                guard let value = flow.object(of: instruction, registers),
                    let member = flow.key(of: instruction, registers)
                else { break }
                reads.append(
                    Read(
                        value: value, member: member, isMethod: instruction.operation == .method, function: index,
                        line: line))
            case .setUpvalue:
                escape(registers[safe: instruction.a])
                guard case .variable(let variable)? = captured.source(of: instruction.b, in: index) else { break }
                let target = LuaOrigin(.variable(variable))
                writes.append(
                    Write(target: target, value: registers[safe: instruction.a], function: index, line: line))
            case .setTableUp, .setField, .setTable, .setI:
                let value = instruction.k ? nil : registers[safe: instruction.c]
                escape(value)
                guard let object = flow.object(of: instruction, registers),
                    let target = object.member(flow.key(of: instruction, registers))
                else { break }
                writes.append(Write(target: target, value: value, function: index, line: line))
            case .call, .tailCall:
                let end = instruction.b == 0 ? registers.count : instruction.a + instruction.b
                let range = (instruction.a + 1)..<max(instruction.a + 1, end)
                let arguments = Array(registers[range.clamped(to: 0..<registers.count)])
                arguments.forEach { escape($0) }
                guard let callee = registers[safe: instruction.a] else { break }
                calls.append(Call(callee: callee, arguments: arguments, function: index, line: line))
            case .return, .return1, .setList, .genericForCall:
                // A list's values stand above it, results in a row. Whatever else stands there lives no longer.
                registers.dropFirst(instruction.a).forEach { escape($0) }
            case .closure:
                guard let made = function.children[safe: instruction.bx] else { break }
                learn(from: registers, made, at: pc, function, index, captured, &known)
            default: break
            }
        }
        escaped.formUnion(flow.lost)
        if !isReached { escaped.formUnion(function.children) }
    }

    /// Keeps what a variable holds when the first function inside is made, if it never holds anything else.
    private mutating func learn(
        from registers: RegisterFlow.Registers, _ made: Int, at pc: Int, _ function: LuaPrototype, _ index: Int,
        _ captured: CapturedVariables, _ known: inout [LuaOrigin?]
    ) {
        for case .variable(let variable) in captured.sources[safe: made] ?? [] {
            let place = captured.variables[variable]
            guard place.function == index else { continue }
            let value = registers[safe: place.register]
            if place.capturedAt == pc, !place.isAssignedInside, !isReassigned(place, in: function) {
                known[variable] = value
            } else if known[variable] == nil {
                escape(value)
            }
        }
    }

    private func isReassigned(_ variable: CapturedVariables.Variable, in function: LuaPrototype) -> Bool {
        function.code.indices.clamped(to: variable.local.start..<max(variable.local.start, variable.local.end))
            .contains { function.code[$0].changes.contains(variable.register) }
    }

    private mutating func escape(_ origin: LuaOrigin?) {
        if case .function(let function)? = origin?.root { escaped.insert(function) }
    }
}

/// The line of `local NAME` that is nearest above the end of its statement.
private func declaration(of name: String, upTo last: Int, _ lines: [Substring]) -> Int {
    var line = min(last, lines.count)
    while line > 0 {
        let words = lines[line - 1].split { !($0.isLetter || $0.isNumber || $0 == "_") }
        if let start = words.firstIndex(of: "local"), words[start...].contains(Substring(name)) { return line }
        line -= 1
    }
    return last
}
