import CurlHTTP
import Moonwire
import TwinAPI

extension TwinSeat {
    /// What belongs to the seat and not to one session.
    func performOnChannel(_ effect: ChannelEffect, key: String) async throws -> EffectReceipt {
        switch effect {
        case .sessions(let query, let cursor): return EffectReceipt(value: try await page(of: query, cursor))
        case .clients(let query, let cursor): return EffectReceipt(value: try await page(of: query, cursor))
        case .open(let opening):
            if opening.isNotice, let notifier { return try await notify(opening, by: notifier, key: key) }
            return try await open(opening, key: key)
        case .operators:
            return EffectReceipt(value: DirectoryList.encode(try await api.allOperators().map(Self.entry)))
        case .groups:
            let groups = try await api.allGroups()
            return EffectReceipt(
                value: DirectoryList.encode(groups.map { DirectoryList.Entry(id: $0.id, name: $0.name) }))
        case .me:
            var entry = Self.entry(try await identity())
            entry.status = state.status.rawValue
            return EffectReceipt(value: DirectoryList.encode(entry))
        case .status(let status):
            // Before the platform knows: what arrives meanwhile is treated as it is meant.
            state.wish(status == .online ? .online : .paused)
            try await show()
            return EffectReceipt()
        case .request(let request):
            let response = try await api.request(
                .chat, HTTPMethod(rawValue: request.method), request.path, body: request.httpBody)
            return EffectReceipt(
                value: ChannelEffect.PlatformRequest.value(of: response, redact: TwinRedaction.payload))
        case .ban(let client, _): try await api.ban(client: client)
        case .unban(let client): try await api.unban(client: client)
        case .clientMessages(let client, let limit, let before):
            return try await list(limit, before, client: client) { try await self.api.messages(ofClient: client, $0) }
        case .updateClient: throw ChannelError.unsupported("update is not possible on TWIN24")
        default: throw ChannelError.invalid("\(effect.method) needs a session")
        }
        return EffectReceipt()
    }

    /// Tells the platform what the seat is to be by the time of the request. One request waits for the other: which of
    /// two the platform hears last would be chance.
    func show() async throws {
        try await turns.with("status") {
            switch state.shownStatus {
            case .online: try await api.activate()
            case .paused: try await api.pause()
            }
        }
    }

    private static func entry(_ user: TwinUser) -> DirectoryList.Entry {
        DirectoryList.Entry(
            id: user.id, name: user.name, email: user.email,
            status: user.blockedAt != nil ? "blocked" : user.isOnline.map { $0 ? "online" : "offline" })
    }
}
