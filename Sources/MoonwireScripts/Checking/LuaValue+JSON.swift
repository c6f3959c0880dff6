import EventJSON
import LuaRuntime

/// Why a Lua value has no place in JSON.
struct UnwritableValue: Error {
    let reason: String
}

extension LuaValue {
    /// The value as JSON, with the members of tables in their fixed order, so that equal values give equal bytes.
    func json() throws(UnwritableValue) -> [UInt8] {
        var writer = JSONWriter()
        try write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) throws(UnwritableValue) {
        switch self {
        case .nil: writer.null()
        case .boolean(let value): writer.value(value)
        case .integer(let value): writer.value(value)
        case .number(let value):
            guard value.isFinite else { throw UnwritableValue(reason: "JSON has no infinite numbers") }
            writer.value(value)
        case .string(let string):
            guard let text = string.text else { throw UnwritableValue(reason: "a string is not UTF-8 text") }
            writer.value(text)
        case .array(let values):
            writer.beginArray()
            for value in values { try value.write(to: &writer) }
            writer.endArray()
        case .table(let table):
            writer.beginObject()
            for entry in table.entries {
                switch entry.key {
                case .string(let key):
                    guard let key = key.text else { throw UnwritableValue(reason: "a key is not UTF-8 text") }
                    writer.key(name: key)
                case .integer(let key): writer.key(name: "\(key)")
                default: throw UnwritableValue(reason: "a key is neither text nor a whole number")
                }
                try entry.value.write(to: &writer)
            }
            writer.endObject()
        case .json(let bytes): writer.raw(bytes)
        case .object(let reference): throw UnwritableValue(reason: "a \(reference.className) has no place in JSON")
        case .opaque(let kind): throw UnwritableValue(reason: "a \(kind) has no place in JSON")
        }
    }
}
