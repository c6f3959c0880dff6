import Foundation

/// What every list of TWIN24 takes: paging, order and a span of time.
struct TwinListQuery {
    let parameters: JSONObject

    private static let defaultLimit = 10
    private static let mostLimit = 1000

    init(_ parameters: JSONObject) { self.parameters = parameters }

    private struct Order {
        let key: String
        let isDescending: Bool
    }

    /// One page as `{"count":…,"items":[…]}`.
    ///
    /// - Parameter all: in the order of creation, which stands where the sort keys are equal.
    func page<Item>(
        _ all: [Item], sortKeys: [String], text: (Item, String) -> String, view: (Item) -> JSONValue
    ) throws(TwinRefusal) -> JSONValue {
        let limit = min(Self.mostLimit, max(0, parameters["limit"]?.castInt ?? Self.defaultLimit))
        var offset = max(0, parameters["offset"]?.castInt ?? 0)
        if let page = parameters["page"]?.castInt, page > 0 { offset = min(page - 1, 1 << 20) * limit }
        let orders = try orders(sortKeys)
        var sorted = all
        if !orders.isEmpty {
            sorted = all.enumerated().sorted { left, right in
                for order in orders {
                    let texts = (text(left.element, order.key), text(right.element, order.key))
                    if texts.0 != texts.1 { return (texts.0 < texts.1) != order.isDescending }
                }
                let isDescending = orders.first?.isDescending ?? false
                return (left.offset < right.offset) != isDescending
            }.map(\.element)
        }
        var object: JSONObject = [:]
        if parameters["withoutCount"]?.castBool != true { object.add("count", .int(all.count)) }
        if parameters["withoutItems"]?.castBool != true {
            object.add("items", .array(sorted.dropFirst(offset).prefix(limit).map(view)))
        }
        return .object(object)
    }

    private func orders(_ keys: [String]) throws(TwinRefusal) -> [Order] {
        var orders: [Order] = []
        for part in (parameters["sort"]?.string ?? "").split(separator: ",") {
            let key = part.first == "+" || part.first == "-" ? String(part.dropFirst()) : String(part)
            // A plus that was not encoded arrives as a space, and is no key.
            guard keys.contains(key) else { throw .invalid("Cannot sort by '\(key)'.") }
            orders.append(Order(key: key, isDescending: part.first == "-"))
        }
        return orders
    }

    /// `from` and `to`.
    func span() throws(TwinRefusal) -> (from: Date, to: Date) {
        (try date("from") ?? .distantPast, try date("to") ?? .distantFuture)
    }

    private func date(_ name: String) throws(TwinRefusal) -> Date? {
        guard let text = parameters[name]?.castString else { return nil }
        let formatter = ISO8601DateFormatter()
        for options: ISO8601DateFormatter.Options in [
            [.withInternetDateTime], [.withInternetDateTime, .withFractionalSeconds],
        ] {
            formatter.formatOptions = options
            if let date = formatter.date(from: text) { return date }
        }
        throw .invalid("'\(name)' is not a date.")
    }
}
