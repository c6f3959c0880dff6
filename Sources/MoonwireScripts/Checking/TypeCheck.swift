import LuaRuntime
import Moonwire

/// Compares a value with what the schema says. Each function returns what is wrong, or nil.
enum TypeCheck {
    /// - Parameter place: the value by its name, such as `'text'` or `option 'timeout'`.
    static func problem(_ value: LuaValue, _ type: APIType, at place: String) -> String? {
        switch type {
        case .options(let members):
            guard let table = value.table else { return mismatch(value, type, at: place) }
            return problem(table, members)
        case .list(let element):
            guard let values = value.array else { return mismatch(value, type, at: place) }
            for (index, value) in values.enumerated() {
                if let problem = problem(value, element, at: "\(place)[\(index + 1)]") { return problem }
            }
            return nil
        case .map(let element):
            guard let table = value.table else { return mismatch(value, type, at: place) }
            for entry in table.entries {
                guard let key = entry.key.text else {
                    return "\(place) must have names as keys, got \(entry.key.words)"
                }
                if let problem = problem(entry.value, element, at: "'\(key)' in \(place)") { return problem }
            }
            return nil
        case .entries(let element):
            guard let entries = value.entries else { return mismatch(value, type, at: place) }
            for entry in entries {
                if let problem = problem(entry.value, element, at: "\(place)[\(entry.key.words)]") { return problem }
            }
            return nil
        case .anyOf(let types):
            if types.contains(where: { problem(value, $0, at: place) == nil }) { return nil }
            // A table that fits none of the tables says more when it is compared with the one that was meant.
            let tables = types.filter(\.isTable)
            if tables.count == 1, let table = tables.first, value.isTable {
                return problem(value, table, at: place)
            }
            return mismatch(value, type, at: place)
        case .word(let words):
            guard let text = value.text else { return mismatch(value, type, at: place) }
            guard !words.contains(text) else { return nil }
            let nearest = NearestWord.hint(for: text, in: words)
            return mismatch(value, type, at: place) + nearest
        case .eventName:
            guard let text = value.text else { return mismatch(value, type, at: place) }
            return EventName.problem(text)
        case .json:
            do {
                _ = try value.json()
                return nil
            } catch {
                return "\(place) must be a value that JSON can say: \(error.reason)"
            }
        default: return isScalar(value, type) ? nil : mismatch(value, type, at: place)
        }
    }

    static func problem(_ table: LuaTable, _ members: [APIParameter]) -> String? {
        for entry in table.entries {
            guard let name = entry.key.text else {
                return "options have names, got a value at \(entry.key.words)"
            }
            guard let member = members.first(where: { $0.name == name }) else {
                return "unknown option '\(name)'" + NearestWord.hint(for: name, in: members.map(\.name))
            }
            if let problem = problem(entry.value, member.type, at: "option '\(name)'") { return problem }
        }
        let missing = members.first { $0.isRequired && table[$0.name].isNil }
        return missing.map { "option '\($0.name)' is missing; it must be \($0.type.expectation)" }
    }

    private static func isScalar(_ value: LuaValue, _ type: APIType) -> Bool {
        switch type {
        case .string: value.text != nil
        case .bytes: value.bytes != nil
        case .text: value.text != nil || value.number?.isFinite == true
        case .boolean: value.boolean != nil
        case .integer(let range): value.integer.map(range.contains) ?? false
        case .number: value.number?.isFinite == true
        case .duration(let maximum): duration(value).map { $0 <= maximum } ?? false
        case .function: value == .opaque("function")
        case .object(let name): value.object?.className == name
        default: true
        }
    }

    static func duration(_ value: LuaValue) -> Duration? {
        if let text = value.text { return SpelledDuration.parse(text) }
        guard let seconds = value.number, seconds >= 0, seconds < 1e12 else { return nil }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }

    private static func mismatch(_ value: LuaValue, _ type: APIType, at place: String) -> String {
        value.isNil
            ? "\(place) is missing; it must be \(type.expectation)"
            : "\(place) must be \(type.expectation), got \(value.words)"
    }
}

extension APIType {
    var isTable: Bool {
        switch self {
        case .options, .list, .map, .entries: true
        default: false
        }
    }
}

extension LuaValue {
    /// What a table or a list holds, in the order of `pairs`; nil for anything else.
    var entries: [LuaTable.Entry]? {
        array?.enumerated().map { LuaTable.Entry(key: .integer(Int64($0.offset + 1)), value: $0.element) }
            ?? table?.entries
    }

    var isTable: Bool {
        switch self {
        case .array, .table: true
        default: false
        }
    }
}
