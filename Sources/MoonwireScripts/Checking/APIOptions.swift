import EventJSON
import LuaRuntime

/// A checked table of options: reads members, or their defaults from the schema.
struct APIOptions {
    let members: [APIParameter]
    let table: LuaTable
    let lua: LuaCall
    let position: Int

    func value(_ name: String) -> LuaValue {
        let value = table[name]
        guard value.isNil, let fallback = members.first(where: { $0.name == name })?.defaultValue else { return value }
        return LuaValue(fallback)
    }

    func has(_ name: String) -> Bool { !table[name].isNil }

    func text(_ name: String) -> String? {
        let value = value(name)
        return value.isNil ? nil : value.printed
    }

    func bytes(_ name: String) -> [UInt8]? { table[name].bytes }

    func flag(_ name: String) -> Bool { value(name).boolean ?? false }

    func integer(_ name: String) -> Int { value(name).integer.map(Int.init(clamping:)) ?? 0 }

    func duration(_ name: String) -> Duration? {
        let value = value(name)
        return value.isNil ? nil : TypeCheck.duration(value)
    }

    /// One value or a list of them, as a list.
    func texts(_ name: String) -> [String] { value(name).texts }

    func function(_ name: String) -> LuaFunction? { lua.function(at: position, field: name) }

    func object(_ name: String) -> LuaObject? { lua.keepObject(at: position, field: name) }
}

extension LuaValue {
    /// One value or a list of them, as a list.
    var texts: [String] {
        if isNil { return [] }
        return array.map { $0.map(\.printed) } ?? [printed]
    }

    /// The same value in Lua's words.
    init(_ json: JSON) {
        switch json {
        case .null: self = .nil
        case .bool(let value): self = .boolean(value)
        case .int(let value): self = .integer(value)
        case .double(let value): self = .number(value)
        case .string(let value): self = .text(value)
        case .array(let values): self = .array(values.map(LuaValue.init))
        case .object(let object):
            self = .table(LuaTable(entries: object.map { .init(key: .text($0.key), value: LuaValue($0.value)) }))
        }
    }
}
