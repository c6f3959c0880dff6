public import EventJSON

/// A condition on conversations or contacts.
public struct ChatwootFilter: Hashable, Sendable {
    /// How a value is compared.
    public struct Comparison: ChatwootWord {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        public static let equalTo = Self(rawValue: "equal_to")
        public static let notEqualTo = Self(rawValue: "not_equal_to")
        public static let contains = Self(rawValue: "contains")
        public static let doesNotContain = Self(rawValue: "does_not_contain")
        public static let isPresent = Self(rawValue: "is_present")
        public static let isNotPresent = Self(rawValue: "is_not_present")
        public static let isGreaterThan = Self(rawValue: "is_greater_than")
        public static let isLessThan = Self(rawValue: "is_less_than")
        public static let daysBefore = Self(rawValue: "days_before")
    }

    /// How conditions are joined.
    public enum Joint: String, Sendable {
        case and = "AND"
        case or = "OR"
    }

    public var attribute: String
    public var comparison: Comparison
    public var values: [JSON]

    public init(_ attribute: String, _ comparison: Comparison, _ values: [JSON] = []) {
        self.attribute = attribute
        self.comparison = comparison
        self.values = values
    }

    /// The body of a filter request; the last condition is joined to nothing.
    static func write(_ filters: [ChatwootFilter], _ joint: Joint, to writer: inout JSONWriter) {
        writer.key("payload")
        writer.beginArray()
        for (index, filter) in filters.enumerated() {
            writer.beginObject()
            writer.member("attribute_key", filter.attribute)
            writer.member("filter_operator", filter.comparison.rawValue)
            writer.member("values", JSON.array(filter.values))
            writer.key("query_operator")
            writer.value(index == filters.count - 1 ? JSON.null : .string(joint.rawValue))
            writer.endObject()
        }
        writer.endArray()
    }
}
