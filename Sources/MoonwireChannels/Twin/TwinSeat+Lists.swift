import Moonwire
import TwinAPI

extension TwinSeat {
    /// One page of sessions, the newest first. What the platform's own query cannot say is left out here.
    func page(of query: ChannelEffect.SessionQuery, _ cursor: String?) async throws -> RawJSON {
        guard query.group == nil else { throw ChannelError.unsupported("TWIN24 cannot list sessions by group") }
        guard query.status == nil || query.status == "open" || query.status == "closed" else {
            throw ChannelError.unsupported("sessions of TWIN24 are open or closed")
        }
        let now = HostClock.system.now
        var wanted = TwinSessionQuery(operatorID: query.owner == .bot ? me : nil)
        wanted.tags = query.labels
        // The platform's own search knows the ids of clients too.
        wanted.keyword = query.text ?? query.client
        let page = try await views(&wanted, cursor, now, isOpen: query.status == "open")
        let found = page.views.compactMap { view -> Session? in
            let isOver = translator.isClosed(view) || !isAlive(view, now)
            var session = shown(view)
            if isOver { session.status = "closed" }
            let fits =
                (query.status ?? session.status) == session.status && (query.owner ?? session.owner) == session.owner
                && query.labels.allSatisfy(session.labels.contains)
            return fits && (query.client == nil || view.client.id == query.client) ? session : nil
        }
        return ListPage.encode(found, next: page.next?.text)
    }

    /// One page of clients: those of sessions, each client's newest one. The platform lists no others.
    func page(of query: ChannelEffect.ClientQuery, _ cursor: String?) async throws -> RawJSON {
        var wanted = TwinSessionQuery(keyword: query.text)
        wanted.tags = query.labels
        wanted.isGroupedByClient = true
        let page = try await views(&wanted, cursor, HostClock.system.now, isOpen: false)
        var seen: Set<String> = []
        let clients = page.views.compactMap { view in
            shown(view).client.flatMap { seen.insert($0.id).inserted ? $0 : nil }
        }
        return ListPage.encode(clients, next: page.next?.text)
    }

    private func views(
        _ query: inout TwinSessionQuery, _ cursor: String?, _ now: Instant, isOpen: Bool
    ) async throws -> (views: [TwinSession], next: TwinSessionCursor?) {
        // The platform's clock is known to a second or so, and what is new should not be missed.
        let start = TwinSessionCursor(readAt: Int(state.serverTime(now).seconds.rounded(.up)) + 2)
        guard let place = cursor.map(TwinSessionCursor.init) ?? start else {
            throw ChannelError.invalid("'\(cursor ?? "")' is no cursor of this list")
        }
        let readAt = Instant(seconds: Double(place.readAt))
        query.to = translator.time(readAt)
        if isOpen { query.from = translator.time(readAt + (.zero - Self.longestSession)) }
        let list = TwinListQuery(offset: place.offset, order: [.descending("startedAt")])
        let page = try await api.sessions(query, list)
        let next = place.next(sent: page.sentCount, first: page.items.first?.id, count: page.count)
        return (page.items.first?.id == place.first ? [] : page.items, next)
    }

    /// A session of a list in the host's words. The table follows the stream, not lists.
    private func shown(_ view: TwinSession) -> Session {
        let known = sessions[view.id]
        let owner = known?.isYielded == true ? .operator : translator.owner(of: view, me: me)
        return translator.session(view, known: known?.session, owner: owner)
    }
}
