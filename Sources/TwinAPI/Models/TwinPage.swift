internal import EventJSON

/// A part of a list.
public struct TwinPage<Item: Sendable>: Sendable {
    public let items: [Item]
    /// How many there are on all pages, where the platform says so.
    public let count: Int?
    /// How many the platform sent; more than `items` when some make no sense.
    public let sentCount: Int

    /// Reads `{"count":…,"items":[…]}`, or a bare list.
    init?(_ element: JSONElement, _ decode: (JSONElement) -> Item?) {
        let list = element.isArray ? element : element["items"]
        guard let list, list.isArray else { return nil }
        var items: [Item] = []
        var sent = 0
        for item in list.elements {
            sent += 1
            if let item = decode(item) { items.append(item) }
        }
        self.items = items
        sentCount = sent
        count = element.isObject ? element.int("count") : nil
    }
}
