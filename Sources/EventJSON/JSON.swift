/// A JSON value of its own: may be kept, sent and compared.
///
/// The order of an object's members is kept but does not count when two values are compared.
public enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON {
    /// Parses a whole document. Throws `JSONError`.
    ///
    /// For many documents in a row keep a `JSONParser` and ask for `owned`.
    public init(parsing bytes: [UInt8], maxDepth: Int = JSONParser.defaultMaxDepth) throws {
        self = try JSONParser(maxBytes: bytes.count, maxDepth: maxDepth).parse(bytes) { $0.owned }
    }

    /// Parses a whole document from text. Throws `JSONError`.
    public init(parsing text: String) throws {
        try self.init(parsing: Array(text.utf8))
    }

    /// The value as compact JSON.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var int: Int? { if case .int(let value) = self { Int(value) } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var isNull: Bool { self == .null }

    /// The number, integers included.
    public var double: Double? {
        switch self {
        case .int(let value): Double(value)
        case .double(let value): value
        default: nil
        }
    }

    /// The values of an array; empty when this is no array.
    public var elements: [JSON] { if case .array(let values) = self { values } else { [] } }
    /// The members of an object; nil when this is no object.
    public var object: JSONObject? { if case .object(let value) = self { value } else { nil } }

    /// The value of a member, or nil when this is no object or has no such member.
    public subscript(_ key: String) -> JSON? { object?[key] }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object.append(key, value) }
        self = .object(object)
    }
}
