internal import CurlHTTP

/// Which part of a list, and in which order.
public struct TwinListQuery: Hashable, Sendable {
    /// In which order, by a field's name.
    public struct Order: Hashable, Sendable {
        public var field: String
        public var isDescending: Bool

        public static func ascending(_ field: String) -> Order { Order(field: field, isDescending: false) }
        public static func descending(_ field: String) -> Order { Order(field: field, isDescending: true) }
    }

    /// How many. The platform's own default is only 10.
    public var limit: Int
    public var offset: Int?
    public var page: Int?
    public var order: [Order]
    public var fields: String?
    public var group: String?
    public var timeZone: String?
    public var language: String?
    public var isWithoutCount: Bool?
    public var isWithoutItems: Bool?
    /// Goes on behind a value instead of a number of items.
    public var offsetField: String?
    public var offsetValue: String?

    public init(limit: Int = 100, offset: Int? = nil, order: [Order] = []) {
        self.limit = limit
        self.offset = offset
        self.order = order
    }

    func write(to query: inout RequestQuery) {
        query.append("limit", limit)
        query.append("offset", offset)
        query.append("page", page)
        let names = order.map { ($0.isDescending ? "-" : "+") + $0.field }
        query.append("sort", names.isEmpty ? nil : names.joined(separator: ","))
        query.append("fields", fields)
        query.append("group", group)
        query.append("timezone", timeZone)
        query.append("language", language)
        query.append("withoutCount", isWithoutCount.map { $0 ? "true" : "false" })
        query.append("withoutItems", isWithoutItems.map { $0 ? "true" : "false" })
        query.append("offsetField", offsetField)
        query.append("offsetValue", offsetValue)
    }
}
