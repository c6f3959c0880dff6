import EventJSON
import LuaRuntime
import Moonwire

/// A call of an API function with its arguments checked against the schema. Valid only while the function runs.
struct APICall {
    let script: LuaScript
    let lua: LuaCall
    private let bound: BoundFunction
    /// The optional parameter before a function that was left out: `bot.on("message.created", function …)`.
    private var skipped = Int.max
    /// Tables, copied once.
    private var tables: [LuaValue] = []

    init(_ script: LuaScript, _ lua: LuaCall, _ bound: BoundFunction) throws {
        self.script = script
        self.lua = lua
        self.bound = bound
        let count = lua.count
        if bound.effect == .registers { findSkipped() }
        for index in 0..<bound.parameterCount {
            let position = position(index)
            let kind = lua.kind(at: position)
            if kind != .string, bound.takes(kind, at: index) { continue }
            if kind == .string, bound.takes(kind, at: index), lua.string(at: position) != nil { continue }
            try check(function.parameters[index], at: position, parameter: index)
        }
        let last = position(bound.parameterCount - 1)
        guard count > last else { return }
        guard let rest = function.rest else {
            throw complaint("takes \(Self.counted(bound.parameterCount)), got \(count)")
        }
        for position in (last + 1)...count { try check(rest, at: position, parameter: nil) }
    }

    var function: APIFunction { bound.function }

    /// As people write the function: `session:reply`.
    var name: String { bound.name }

    private static func counted(_ count: Int) -> String {
        switch count {
        case 0: "no arguments"
        case 1: "1 argument"
        default: "at most \(count) arguments"
        }
    }

    private mutating func findSkipped() {
        for index in function.parameters.indices.dropLast() where !function.parameters[index].isRequired {
            if case .function = function.parameters[index + 1].type, lua.kind(at: index + 1) == .function {
                skipped = index
            }
        }
    }

    /// Where a parameter stands among the arguments, from 1; 0 when it was left out.
    private func position(_ parameter: Int) -> Int {
        if parameter < skipped { return parameter + 1 }
        return parameter == skipped ? 0 : parameter
    }

    private mutating func check(_ parameter: APIParameter, at position: Int, parameter index: Int?) throws {
        let kind = lua.kind(at: position)
        switch (kind, parameter.type) {
        case (.none, _), (.nil, _):
            guard parameter.isRequired else { return }
            if case .json = parameter.type { return }
            if case .printable = parameter.type { return }
            throw complaint("'\(parameter.name)' is missing; it must be \(parameter.type.expectation)")
        case (_, .printable), (.string, .string), (.string, .text), (.function, .function), (.boolean, .boolean): break
        case (.string, .anyOf(let types)) where types.first?.takesAnyString == true: break
        case (_, .json):
            if kind == .function || kind == .object || kind == .other {
                throw complaint(
                    "'\(parameter.name)' must be a value that JSON can say, got a \(lua.kindName(at: position))")
            }
        case (.function, .anyOf(let types)) where types.contains(where: \.isFunction): break
        case (.function, _), (.other, _), (_, .function):
            throw complaint(
                "'\(parameter.name)' must be \(parameter.type.expectation), got a \(lua.kindName(at: position))")
        default:
            let value = try copy(position)
            if let problem = TypeCheck.problem(value, parameter.type, at: "'\(parameter.name)'") {
                throw complaint(problem)
            }
            if let index, value.isTable {
                while tables.count <= index { tables.append(.nil) }
                tables[index] = value
            }
        }
        if kind == .string, lua.string(at: position) == nil, !parameter.type.allowsBytes {
            throw complaint("'\(parameter.name)' is not UTF-8 text")
        }
    }

    private func copy(_ position: Int) throws -> LuaValue {
        do {
            return try lua.value(at: position)
        } catch {
            throw complaint(error.message)
        }
    }
}

extension APICall {
    /// An error of the caller, with the function's name in front; the runtime adds `file:line`.
    func complaint(_ problem: String) -> LuaRaise { .message("\(name): \(problem)") }

    func kind(_ parameter: Int) -> LuaCall.Kind { lua.kind(at: position(parameter)) }

    /// The text of a string, or of a number where the type allows one; empty when it was left out without a default.
    func text(_ parameter: Int) -> String {
        let position = position(parameter)
        if let text = lua.string(at: position) { return text }
        if let value = try? lua.value(at: position), !value.isNil { return value.printed }
        return function.parameters[parameter].defaultValue?.string ?? ""
    }

    func integer(_ parameter: Int) -> Int64 {
        lua.integer(at: position(parameter))
            ?? Int64(function.parameters[parameter].defaultValue?.int ?? 0)
    }

    func value(_ parameter: Int) throws -> LuaValue { try copy(position(parameter)) }

    func duration(_ parameter: Int) throws -> Duration? { TypeCheck.duration(try value(parameter)) }

    func luaFunction(_ parameter: Int) throws -> LuaFunction {
        guard let function = lua.function(at: position(parameter)) else {
            throw complaint("'\(function.parameters[parameter].name)' must be a function")
        }
        return function
    }

    /// The argument as JSON; `nil` when it is nil.
    func json(_ parameter: Int) throws -> [UInt8]? {
        guard !lua.isNil(at: position(parameter)) else { return nil }
        do {
            return try lua.json(at: position(parameter))
        } catch {
            throw complaint("'\(function.parameters[parameter].name)': \(error.message)")
        }
    }

    /// The arguments after the named ones.
    func rest() throws -> [LuaValue] {
        let first = function.parameters.count + 1
        guard lua.count >= first else { return [] }
        return try (first...lua.count).map(copy)
    }

    /// The table of options of a parameter, with its defaults.
    func options(_ parameter: Int) -> APIOptions {
        let table = tables.indices.contains(parameter) ? tables[parameter].table : nil
        return APIOptions(
            members: function.parameters[parameter].type.members, table: table ?? LuaTable(), lua: lua,
            position: position(parameter))
    }

    /// `file:line` of the call.
    var location: String { lua.location ?? script.sources.entry }
}

extension APIType {
    fileprivate var members: [APIParameter] {
        switch self {
        case .options(let members): members
        case .anyOf(let types): types.lazy.map(\.members).first { !$0.isEmpty } ?? []
        default: []
        }
    }

    fileprivate var takesAnyString: Bool {
        switch self {
        case .string, .text: true
        default: false
        }
    }

    fileprivate var isFunction: Bool { if case .function = self { true } else { false } }

    /// Whether a string may hold any bytes.
    fileprivate var allowsBytes: Bool {
        switch self {
        case .printable, .json: true
        default: false
        }
    }
}
