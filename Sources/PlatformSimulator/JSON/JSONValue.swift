/// A JSON value whose objects keep the order of their members, as the real server writes them.
///
/// The simulator has its own so that a fault in the JSON code under test cannot hide behind the same fault here.
enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// A string, or null for nothing.
    static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }

    /// An integer, or null for nothing.
    static func number(_ value: Int?) -> JSONValue { value.map { .int($0) } ?? .null }

    /// An array of strings.
    static func texts(_ values: some Sequence<String>) -> JSONValue { .array(values.map { .string($0) }) }

    subscript(key: String) -> JSONValue? {
        if case .object(let object) = self { object[key] } else { nil }
    }

    var isNull: Bool { self == .null }

    var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    var array: [JSONValue]? {
        if case .array(let array) = self { array } else { nil }
    }

    var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    /// The text of a scalar, as Rails casts it for a text column; nil for null, arrays and objects.
    var castString: String? {
        switch self {
        case .string(let value): value
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .bool(let value): String(value)
        case .null, .array, .object: nil
        }
    }

    /// The integer of a number or of a text that is one.
    var castInt: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value.rounded())
        case .string(let value): Int(value)
        case .null, .bool, .array, .object: nil
        }
    }

    /// The truth of a value, as Rails casts it for a boolean column; nil for null and the empty text.
    var castBool: Bool? {
        switch self {
        case .bool(let value): value
        case .int(let value): value != 0
        case .string(let value):
            value.isEmpty ? nil : !["false", "f", "0", "off", "FALSE", "F", "OFF"].contains(value)
        case .null: nil
        case .double, .array, .object: true
        }
    }

    /// Whether Rails calls the value blank.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let value): value.allSatisfy(\.isWhitespace)
        case .array(let values): values.isEmpty
        case .object(let object): object.members.isEmpty
        case .bool(let value): !value
        case .int, .double: false
        }
    }
}

/// The members of a JSON object in the order in which they were added.
struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
    struct Member: Sendable, Hashable {
        var key: String
        var value: JSONValue
    }

    var members: [Member]

    init() { members = [] }

    init(dictionaryLiteral elements: (String, JSONValue)...) {
        members = elements.map { Member(key: $0.0, value: $0.1) }
    }

    subscript(key: String) -> JSONValue? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Adds a member that is known to be new, without looking for an older one.
    mutating func add(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: value))
    }

    /// The object with the members of another laid over it; objects inside objects are merged, not replaced.
    func merging(_ other: JSONObject, skippingBlank: Bool = false) -> JSONObject {
        var result = self
        for member in other.members where !(skippingBlank && member.value.isBlank) {
            if case .object(let inner) = member.value, case .object(let present)? = result[member.key] {
                result[member.key] = .object(present.merging(inner, skippingBlank: skippingBlank))
            } else {
                result[member.key] = member.value
            }
        }
        return result
    }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByStringLiteral, ExpressibleByNilLiteral {
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        object.members.reserveCapacity(elements.count)
        for element in elements { object.add(element.0, element.1) }
        self = .object(object)
    }

    init(stringLiteral value: String) { self = .string(value) }

    init(nilLiteral: ()) { self = .null }
}
