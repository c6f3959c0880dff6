internal import CurlHTTP
internal import EventJSON

extension ChatwootOperatorAPI {
    /// The user that the token belongs to: its id, its accounts, and the token of its realtime stream.
    public func profile() async throws -> ChatwootProfile {
        try await requester.send(.get, "/profile") { ChatwootProfile($0) }
    }

    /// Shows the user to others as online, busy or offline.
    public func setAvailability(_ availability: ChatwootAvailability) async throws -> ChatwootProfile {
        try await setProfile("/profile/availability") { $0.member("availability", availability.rawValue) }
    }

    /// Whether the user goes offline without signs of presence.
    public func setGoesOfflineByItself(_ goesOffline: Bool) async throws -> ChatwootProfile {
        try await setProfile("/profile/auto_offline") { $0.member("auto_offline", goesOffline) }
    }

    private func setProfile(
        _ path: RequestPath, _ write: (inout JSONWriter) -> Void
    ) async throws -> ChatwootProfile {
        let body = HTTPBody.object { writer in
            writer.object("profile") { writer in
                writer.member("account_id", accountID)
                write(&writer)
            }
        }
        return try await requester.send(.post, path, body: body) { ChatwootProfile($0) }
    }
}
