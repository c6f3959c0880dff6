import LuaRuntime

extension LuaValue {
    /// The value as a complaint about it shows it: its kind, and the value itself where it is short.
    var words: String {
        switch self {
        case .nil: "nil"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let string):
            if let text = string.text, text.count <= 40 {
                "\"\(text)\""
            } else {
                "a string of \(string.bytes.count) bytes"
            }
        case .array: "a list"
        case .table: "a table"
        case .json: "a table"
        case .object(let reference): "a \(reference.className)"
        case .opaque(let kind): "a \(kind)"
        }
    }

    /// The value as people print it.
    var printed: String {
        switch self {
        case .nil: "nil"
        case .string(let string): string.description
        case .boolean, .integer, .number: words
        case .object(let reference): reference.className == "secret" ? "***" : reference.className
        case .opaque(let kind): kind
        case .array, .table, .json: (try? String(decoding: json(), as: UTF8.self)) ?? words
        }
    }
}
