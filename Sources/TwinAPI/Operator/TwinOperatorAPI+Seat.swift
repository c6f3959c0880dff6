internal import CurlHTTP
internal import EventJSON

extension TwinOperatorAPI {
    /// The user that the token belongs to, by the chat service, which may add fields of its own, or by the users'.
    public func me(from service: TwinService = .chat) async throws -> TwinUser {
        let requester = service == .iam ? iam : chat
        return try await requester.send(TwinCall(.get, "/users/me")) { TwinUser($0) }
    }

    /// Makes the operator online: sessions come. Open the live stream before, or the first ones are missed.
    public func activate() async throws {
        try await chat.send(.activate, "/users/me/activate")
    }

    /// Pauses the operator: no new sessions come, the own ones go on.
    public func pause() async throws {
        try await chat.send(.pause, "/users/me/pause")
    }

    /// The server's clock.
    public func serverTime() async throws -> TwinTime {
        try await chat.send(TwinCall(.get, "/timestamp")) { Self.time($0) }
    }

    /// How far the server's clock is ahead of this host's, to the accuracy of half a request.
    ///
    /// Throws `undecodable` for more than a day: the answer's shape is not published, and this is no clock.
    public func serverClockOffset(
        wallClock: @Sendable () -> Double = TwinClock.now
    ) async throws -> Duration {
        let before = wallClock()
        let server = try await serverTime()
        let middle = (before + wallClock()) / 2
        let offset = server.secondsSince1970 - middle
        guard abs(offset) < 86_400 else {
            throw TwinError(
                .undecodable, message: "The platform's clock would be \(Int(offset)) s ahead, so it is not understood.")
        }
        return .seconds(offset)
    }

    /// The answer's shape is not published: a date, or an object with one.
    private static func time(_ root: JSONElement) -> TwinTime? {
        guard root.isObject else { return TwinTime(root) }
        var found: TwinTime?
        root.forEachMember { _, value in found = found ?? (value.isObject ? time(value) : TwinTime(value)) }
        return found
    }
}
