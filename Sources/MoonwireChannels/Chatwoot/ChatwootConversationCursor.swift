/// How far a list of conversations, the oldest first, has been read: the next page, and the newest conversation so far.
struct ChatwootConversationCursor: Equatable {
    let page: Int
    let newest: Int

    init(page: Int = 1, newest: Int = 0) {
        self.page = page
        self.newest = newest
    }

    init?(_ text: String) {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let page = parts[0], let newest = parts[1], page > 0 else { return nil }
        self.init(page: page, newest: newest)
    }

    var text: String { "\(page):\(newest)" }

    /// Reads on, so that each conversation comes once.
    ///
    /// The platform counts pages from the beginning, so whatever leaves the list moves the rest forward, and what was on
    /// this page is on the one before. A page is therefore taken only where it joins what was read before.
    ///
    /// - Returns: What is new, and the cursor behind it; `nil` at the end.
    func read<Item>(
        pageSize: Int, id: (Item) -> Int, _ fetch: (Int) async throws -> [Item]
    ) async throws -> (fresh: [Item], next: ChatwootConversationCursor?) {
        var page = page
        var found = try await fetch(page)
        while page > 1, !found.contains(where: { id($0) <= newest }) {
            let before = try await fetch(page - 1)
            if !before.isEmpty, before.allSatisfy({ id($0) <= newest }) { break }
            page -= 1
            found = before
        }
        let last = found.map(id).max().map { max($0, newest) } ?? newest
        let next = found.count < pageSize ? nil : ChatwootConversationCursor(page: page + 1, newest: last)
        return (found.filter { id($0) > newest }, next)
    }
}
