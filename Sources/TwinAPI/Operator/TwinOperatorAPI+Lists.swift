internal import CurlHTTP
internal import EventJSON

extension TwinOperatorAPI {
    /// How many items `all…` reads before it takes the list for endless.
    static let listLimit = 100_000

    func page<Item>(
        _ path: RequestPath, query: RequestQuery = [], _ list: TwinListQuery, _ decode: (JSONElement) -> Item?
    ) async throws -> TwinPage<Item> {
        var query = query
        list.write(to: &query)
        return try await chat.send(TwinCall(.get, path, query: query)) { TwinPage($0, decode) }
    }

    /// Reads page after page, `maximum` items at most. Items move between pages while they are read, so they are
    /// told apart by id.
    ///
    /// A page may be smaller than what was asked for, so only an empty one, one that brings nothing new, or the
    /// platform's own count ends the list.
    func all<Item: Sendable>(
        _ list: TwinListQuery, id: (Item) -> String, maximum: Int = TwinOperatorAPI.listLimit,
        _ fetch: (TwinListQuery) async throws -> TwinPage<Item>
    ) async throws -> [Item] {
        var list = list
        var offset = list.offset ?? 0
        var found: [Item] = []
        var seen: Set<String> = []
        while found.count < maximum, offset < Self.listLimit {
            list.offset = offset
            let page = try await fetch(list)
            let fresh = page.items.filter { seen.insert(id($0)).inserted }
            found += fresh
            offset += page.sentCount
            // An installation that ignores the offset sends the same items for ever.
            if page.sentCount == 0 || fresh.isEmpty && !page.items.isEmpty { break }
            if let count = page.count, offset >= count { break }
        }
        return Array(found.prefix(maximum))
    }

    /// An id as a part of a path. An empty one would make another path of it.
    static func id(_ id: String) throws -> String {
        try segment("An id", id)
    }

    /// Text as a part of a path; a dot or two would be taken for a folder.
    static func segment(_ what: String, _ text: String) throws -> String {
        guard !text.isEmpty, text != ".", text != ".." else { throw TwinError.unusable(what, text) }
        return text
    }
}
