import EventJSON

/// One page of a list, as a channel gives it to a script: `{"items": [...], "next": "..."}`.
public enum ListPage {
    /// - Parameter next: the cursor of the page behind this one; `nil` when this is the last. A page may be empty and
    ///   have one all the same.
    public static func encode(_ sessions: [Session], next: String?) -> RawJSON {
        encode(sessions.map { RawJSON(validated: $0.journalBytes) }, next: next)
    }

    public static func encode(_ clients: [Client], next: String?) -> RawJSON {
        encode(clients.map { EventBody.encode($0) }, next: next)
    }

    private static func encode(_ items: [RawJSON], next: String?) -> RawJSON {
        var writer = JSONWriter(reservingCapacity: 64 + items.reduce(0) { $0 + $1.bytes.count + 1 })
        writer.beginObject()
        writer.key("items")
        writer.beginArray()
        for item in items { writer.raw(item.bytes) }
        writer.endArray()
        if let next {
            writer.key("next")
            writer.value(next)
        }
        writer.endObject()
        return RawJSON(validated: writer.bytes)
    }
}
