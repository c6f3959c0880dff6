/// A Lua table that is not a plain list, with its entries in the fixed order of `pairs`.
public struct LuaTable: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var key: LuaValue
        public var value: LuaValue

        public init(key: LuaValue, value: LuaValue) {
            self.key = key
            self.value = value
        }
    }

    public var entries: [Entry]

    public init(entries: [Entry] = []) {
        self.entries = entries
    }

    public subscript(key: LuaValue) -> LuaValue {
        entries.first { $0.key == key }?.value ?? .nil
    }

    /// The value under a string key, `.nil` if absent.
    public subscript(key: String) -> LuaValue {
        self[.text(key)]
    }

    /// The keys that are text, in order.
    public var textKeys: [String] {
        entries.compactMap { $0.key.text }
    }
}

extension LuaTable: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, LuaValue)...) {
        self.init(entries: elements.map { Entry(key: .text($0), value: $1) })
    }
}
