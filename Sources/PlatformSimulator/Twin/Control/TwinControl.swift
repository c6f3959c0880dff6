import Foundation

/// What tests and demos do to the TWIN24 stand-in and read from it, without its APIs.
///
/// Most of it is also reachable by HTTP under `/simulator/twin`.
public struct TwinControl: Sendable {
    let world: TwinWorld
    let hub: CentrifugeHub
    let log: CommandLog

    /// Starts a session as a client.
    public func startSession(_ start: TwinSessionStart = TwinSessionStart()) async throws(SimulatorError)
        -> TwinSessionSnapshot
    {
        try await asking { try await world.start(start) }
    }

    /// Writes as the session's client and answers the message's id.
    @discardableResult
    public func writeAsClient(_ text: String, session: String) async throws(SimulatorError) -> String {
        try await asking { try await world.write(text, in: session, by: .client) }
    }

    /// Writes as the platform's robot and answers the message's id.
    @discardableResult
    public func writeAsBot(
        _ text: String, session: String, answers: [String] = []
    ) async throws(SimulatorError) -> String {
        try await asking { try await world.write(text, in: session, by: .bot(answers: answers)) }
    }

    /// Writes as an operator at another screen and answers the message's id.
    @discardableResult
    public func writeAsOperator(
        _ text: String, session: String, operator id: Int = TwinDemoWorld.colleagueID
    ) async throws(SimulatorError) -> String {
        try await asking { try await world.write(text, in: session, by: .operator(id)) }
    }

    /// The client is typing.
    public func type(_ text: String? = nil, session: String) async throws(SimulatorError) {
        try await asking { try await world.type(text, in: session) }
    }

    /// The client comes or goes.
    public func setClientOnline(_ isOnline: Bool, session: String) async throws(SimulatorError) {
        try await asking { try await world.setOnline(isOnline, in: session) }
    }

    /// The client has seen a message.
    public func readAsClient(_ message: String) async throws(SimulatorError) {
        try await asking { try await world.readAsClient(message) }
    }

    /// The client ends the session.
    public func closeAsClient(_ session: String) async throws(SimulatorError) {
        try await asking { try await world.closeAsClient(session) }
    }

    /// The session's time is over, with the event `chatSessionDeleted` or without a word.
    public func expireSession(_ session: String, announcing: Bool = true) async throws(SimulatorError) {
        try await asking { try await world.expireSession(session, announcing: announcing) }
    }

    /// The platform moves a session: to its robot, into help, to operators.
    public func move(_ session: String, to place: TwinPlace) async throws(SimulatorError) {
        try await asking { try await world.relocate(session, to: place) }
    }

    /// The platform blocks an operator for good.
    public func block(_ id: Int = TwinDemoWorld.operatorID) async throws(SimulatorError) {
        try await asking { try await world.block(id) }
    }

    /// The platform lets a blocked operator in again.
    public func unblock(_ id: Int = TwinDemoWorld.operatorID) async throws(SimulatorError) {
        try await asking { try await world.unblock(id) }
    }

    /// The platform makes an operator offline.
    ///
    /// - Parameter isNamed: whether the event says whom it means.
    public func logOut(
        _ id: Int = TwinDemoWorld.operatorID, isNamed: Bool = true
    ) async throws(SimulatorError) {
        try await asking { try await world.logOut(id, isNamed: isNamed) }
    }

    /// Somebody else logs in as this operator.
    public func displace(_ id: Int = TwinDemoWorld.operatorID) async throws(SimulatorError) {
        try await asking { try await world.displace(id) }
    }

    /// Ends tokens now; refresh tokens stay good.
    ///
    /// - Parameter closesStreams: whether every open stream ends with 3005.
    public func expireTokens(of id: Int? = nil, closesStreams: Bool = false) async {
        await world.expireTokens(of: id)
        if closesStreams { streams(.close(code: 3005, reason: "connection expired")) }
    }

    /// Makes refresh tokens void, so that only a login helps.
    public func revokeRefreshTokens(of id: Int? = nil) async { await world.revokeRefreshTokens(of: id) }

    /// All sessions in the order of their start.
    public func sessions() async -> [TwinSessionSnapshot] { await world.snapshots() }

    /// One session.
    public func session(_ id: String) async throws(SimulatorError) -> TwinSessionSnapshot {
        try await asking { try await world.snapshot(of: id) }
    }

    /// All messages of a session in their order.
    public func messages(of session: String) async throws(SimulatorError) -> [TwinMessageSnapshot] {
        try await asking { try await world.messageSnapshots(of: session) }
    }

    /// What the notification service was asked for, in the order of arrival.
    public func notifications() async -> [TwinNotificationSnapshot] { await world.notificationSnapshots() }

    public func operators() async -> [TwinOperatorSnapshot] { await world.operatorSnapshots() }

    /// Totals since the start or the last reset.
    public var counters: TwinCounters { world.ledger.counters }

    /// Waits until the totals fit.
    ///
    /// - Returns: false when time ran out first.
    public func wait(
        timeout: Duration = .seconds(10), until isMet: @escaping @Sendable (TwinCounters) -> Bool
    ) async -> Bool {
        await world.ledger.wait(timeout: timeout, until: isMet)
    }

    /// Waits until operators have written so many messages, in one session or in all together.
    public func waitForReplies(
        _ count: Int, session: String? = nil, timeout: Duration = .seconds(10)
    ) async -> Bool {
        await wait(timeout: timeout) { counters in
            (session.map { counters.replies[$0] ?? 0 } ?? counters.operatorMessages) >= count
        }
    }

    /// Forgets everything and starts again from the demo world; tokens are void, streams stay open.
    public func reset() async {
        log.clear()
        await world.reset()
    }

    func asking<Result: Sendable>(_ body: () async throws -> Result) async throws(SimulatorError) -> Result {
        do { return try await body() } catch { throw SimulatorError(error) }
    }
}
