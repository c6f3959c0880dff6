import ChatwootAPI
import CurlHTTP
import Moonwire

extension ChatwootOperatorSeat {
    /// What belongs to the account and not to one conversation.
    func performOnChannel(_ effect: ChannelEffect) async throws -> EffectReceipt {
        switch effect {
        case .sessions(let query, let cursor): return EffectReceipt(value: try await page(of: query, cursor))
        case .clients(let query, let cursor): return EffectReceipt(value: try await page(of: query, cursor))
        case .open(let opening): return try await open(opening)
        case .operators: return EffectReceipt(value: DirectoryList.encode(try await api.agents().map(Self.entry)))
        case .groups:
            let teams = try await api.teams()
            return EffectReceipt(
                value: DirectoryList.encode(teams.map { DirectoryList.Entry(id: String($0.id), name: $0.name) }))
        case .me:
            let profile = try await api.profile()
            let account = profile.accounts.first { $0.id == api.accountID }
            return EffectReceipt(
                value: DirectoryList.encode(
                    DirectoryList.Entry(
                        id: String(profile.id), name: profile.availableName ?? profile.name, email: profile.email,
                        status: account?.availability?.rawValue)))
        case .status(let status):
            try await show(status)
            return EffectReceipt()
        case .request(let request):
            let response = try await api.request(
                HTTPMethod(rawValue: request.method), request.path, body: request.httpBody)
            return EffectReceipt(
                value: ChannelEffect.PlatformRequest.value(of: response, redact: ChatwootRedaction.payload))
        case .updateClient(let update):
            _ = try await updated(update)
            return EffectReceipt()
        default: throw ChannelError.invalid("\(effect.method) needs a session")
        }
    }

    private static func entry(_ agent: ChatwootAgent) -> DirectoryList.Entry {
        DirectoryList.Entry(
            id: String(agent.id), name: agent.availableName ?? agent.name, email: agent.email,
            status: agent.availability?.rawValue)
    }
}
