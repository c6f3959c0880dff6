import LuaRuntime

/// A function of the schema, prepared for calls: which kinds of argument need no closer look.
final class BoundFunction {
    let function: APIFunction
    /// As people write the function: `session:reply`.
    let name: String
    let effect: APIEffect
    let parameterCount: Int
    private let plainKinds: [UInt16]

    init(_ function: APIFunction, name: String) {
        self.function = function
        self.name = name
        effect = function.effect
        parameterCount = function.parameters.count
        plainKinds = function.parameters.map { parameter in
            var kinds = parameter.type.plainKinds
            if !parameter.isRequired { kinds |= LuaCall.Kind.nil.bit | LuaCall.Kind.none.bit }
            return kinds
        }
    }

    /// Whether any value of this kind is right, apart from text that is not UTF-8.
    func takes(_ kind: LuaCall.Kind, at parameter: Int) -> Bool { plainKinds[parameter] & kind.bit != 0 }
}

extension APIType {
    fileprivate var plainKinds: UInt16 {
        switch self {
        case .string, .text: LuaCall.Kind.string.bit
        case .boolean: LuaCall.Kind.boolean.bit
        case .function: LuaCall.Kind.function.bit
        case .printable: .max
        case .anyOf(let types): types.first.map { $0.plainKinds & LuaCall.Kind.string.bit } ?? 0
        default: 0
        }
    }
}

extension LuaCall.Kind {
    fileprivate var bit: UInt16 {
        switch self {
        case .none: 1
        case .nil: 2
        case .boolean: 4
        case .integer: 8
        case .number: 16
        case .string: 32
        case .table: 64
        case .function: 128
        case .object: 256
        case .null: 512
        case .other: 1024
        }
    }
}
