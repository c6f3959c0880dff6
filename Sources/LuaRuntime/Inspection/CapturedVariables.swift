/// Follows each function's upvalues to the locals that they stand for.
struct CapturedVariables {
    enum Source: Hashable {
        case globals
        /// By position in `variables`.
        case variable(Int)
        case unknown
    }

    struct Variable {
        /// The function whose local it is, and the register that holds it there.
        let function: Int
        let register: Int
        let local: LuaPrototype.Local
        /// The first instruction of that function that hands it to a function inside.
        let capturedAt: Int
        /// Whether a function inside assigns to it.
        var isAssignedInside = false
    }

    private(set) var variables: [Variable] = []
    /// For each function, what its upvalues are.
    private(set) var sources: [[Source]] = []
    private var positions: [Key: Int] = [:]

    private struct Key: Hashable {
        let function: Int
        let local: Int
    }

    init(_ functions: [LuaPrototype]) {
        var makers: [Int: Int] = [:]
        for (index, function) in functions.enumerated() {
            for (pc, instruction) in function.code.enumerated() where instruction.operation == .closure {
                if let child = function.children[safe: instruction.bx], makers[child] == nil { makers[child] = pc }
            }
            let maker = makers[index]
            sources.append(function.upvalues.map { resolve($0, of: function, madeAt: maker, functions) })
            for instruction in function.code where instruction.operation == .setUpvalue {
                guard case .variable(let variable)? = source(of: instruction.b, in: index) else { continue }
                variables[variable].isAssignedInside = true
            }
        }
    }

    func source(of upvalue: Int, in function: Int) -> Source? {
        sources[function].indices.contains(upvalue) ? sources[function][upvalue] : nil
    }

    private mutating func resolve(
        _ upvalue: LuaPrototype.Upvalue, of function: LuaPrototype, madeAt maker: Int?, _ functions: [LuaPrototype]
    ) -> Source {
        // The only upvalue of a file is the table of globals.
        guard let parent = function.parent else { return upvalue.name == "_ENV" ? .globals : .unknown }
        guard upvalue.isLocalOfParent else { return source(of: upvalue.index, in: parent) ?? .unknown }
        guard let maker else { return .unknown }
        let outer = functions[parent]
        // A local function begins to live after the instruction that makes it, and may use itself.
        let place = outer.local(in: upvalue.index, at: maker) ?? outer.local(in: upvalue.index, at: maker + 1)
        guard let place, outer.locals[place].name == upvalue.name else { return .unknown }
        let key = Key(function: parent, local: place)
        if let known = positions[key] { return .variable(known) }
        positions[key] = variables.count
        variables.append(
            Variable(function: parent, register: upvalue.index, local: outer.locals[place], capturedAt: maker))
        return .variable(variables.count - 1)
    }
}
