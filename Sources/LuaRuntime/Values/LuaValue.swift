/// A value that crosses the border between Lua and Swift by copy.
///
/// Inside lists `.nil` stands for JSON's null: it is pushed as the null sentinel, which keeps positions, and the
/// sentinel is read back as `.nil`. In tables an entry whose value is `.nil` is absent.
public enum LuaValue: Sendable, Hashable {
    case `nil`
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(LuaString)
    case array([LuaValue])
    case table(LuaTable)
    /// JSON that becomes a Lua value when it is pushed, without a detour through Swift. Never read from Lua.
    case json([UInt8])
    /// A host object. Pushing one makes an object of that class with this handle and no fields.
    case object(LuaObjectReference)
    /// A value that cannot leave Lua, by its kind: `function`, `coroutine`. Pushed as nil.
    case opaque(String)

    /// A string value of text.
    public static func text(_ text: String) -> LuaValue {
        .string(LuaString(text))
    }
}

/// Names a host object: its class and the host's handle.
public struct LuaObjectReference: Sendable, Hashable {
    public let className: String
    public let handle: Int64

    public init(className: String, handle: Int64) {
        self.className = className
        self.handle = handle
    }
}

extension LuaValue {
    public var isNil: Bool { self == .nil }

    /// The text of a string that is valid UTF-8.
    public var text: String? {
        if case .string(let string) = self { string.text } else { nil }
    }

    public var bytes: [UInt8]? {
        if case .string(let string) = self { string.bytes } else { nil }
    }

    /// The integer, also of a number without a fraction.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    public var boolean: Bool? {
        if case .boolean(let value) = self { value } else { nil }
    }

    public var array: [LuaValue]? {
        switch self {
        case .array(let values): values
        case .table(let table) where table.entries.isEmpty: []
        default: nil
        }
    }

    public var table: LuaTable? {
        switch self {
        case .table(let table): table
        case .array(let values) where values.isEmpty: LuaTable()
        default: nil
        }
    }

    public var object: LuaObjectReference? {
        if case .object(let reference) = self { reference } else { nil }
    }
}

extension LuaValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .nil }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .text(value) }
    public init(arrayLiteral elements: LuaValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, LuaValue)...) {
        self = .table(LuaTable(entries: elements.map { .init(key: .text($0), value: $1) }))
    }
}
