/// What a parameter or an option may be.
public indirect enum APIType: Sendable {
    case string
    /// A string of any bytes.
    case bytes
    /// A string, or a number that is written as one.
    case text
    case boolean
    case integer(ClosedRange<Int64>)
    case number
    /// `"90s"`, `"10m"`, `"2h"`, `"1d"`, combinations such as `"1h30m"`, or a number of seconds.
    case duration(maximum: Duration)
    /// One of these words.
    case word([String])
    /// What an event is called: a name of the schema, or `platform:name`.
    case eventName
    /// A Lua function, with the signature that it is called with.
    case function(String)
    /// Whatever JSON can say.
    case json
    /// Anything at all, printed as text.
    case printable
    case list(APIType)
    /// A table from strings to this.
    case map(APIType)
    /// A table, with whatever keys, whose values are this.
    case entries(APIType)
    /// A table with named members.
    case options([APIParameter])
    /// An object of the API, by its name.
    case object(String)
    case anyOf([APIType])

    /// One value or a list of them.
    static func oneOrMore(_ type: APIType) -> APIType { .anyOf([type, .list(type)]) }

    /// What a person reads where a value of this type is missing.
    public var expectation: String {
        switch self {
        case .string, .bytes: "a string"
        case .text: "a string or a number"
        case .boolean: "true or false"
        case .integer(let range):
            range == Int64.min...Int64.max
                ? "a whole number" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .duration: "a duration such as \"90s\", \"10m\", \"2h\" or \"1d\""
        case .word(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        case .eventName: "the name of an event"
        case .function(let signature): "a function \(signature)"
        case .json: "a value that JSON can say"
        case .printable: "any value"
        case .list(let element): "a list, each \(element.expectation)"
        case .map(let element): "a table from names to values, each \(element.expectation)"
        case .entries(let element): "a table, each entry \(element.expectation)"
        case .options(let members): "a table with " + members.map(\.name).joined(separator: ", ")
        case .object(let name): "a \(name)"
        case .anyOf(let types): types.map(\.expectation).joined(separator: ", or ")
        }
    }
}
