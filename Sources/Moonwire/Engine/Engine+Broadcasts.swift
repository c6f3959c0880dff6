public import EventJSON
import Synchronization

/// What people and programs can do with broadcasts of a running host.
extension Engine {
    /// The plans that the scripts in service register.
    public func broadcastPlans() async -> [BroadcastPlan] {
        guard let desk = broadcasts?.desk else { return [] }
        var plans: [BroadcastPlan] = []
        for sources in installed.withLock({ $0 }) { plans += (try? await desk.plans(of: sources)) ?? [] }
        return plans
    }

    /// Changes the ledger of broadcasts and sets off what follows from it.
    ///
    /// - Throws: the `EffectFailure` of a refusal, or a `JournalError`.
    public func changeBroadcasts(_ operation: LedgerOperation) async throws -> JSON {
        guard let broadcasts else { throw Self.noLedger }
        defer { broadcasts.wake() }
        return try await broadcasts.change(operation)
    }

    /// Tells that something else has changed the ledger, such as a clean-up.
    public func broadcastsChanged() { broadcasts?.wake() }

    public func broadcastRecord(_ target: BroadcastTarget) async throws -> BroadcastRecord? {
        try await broadcasts?.ports.ledger.broadcast(target)
    }

    /// The first messages that a broadcast would send. Sends nothing and changes nothing.
    ///
    /// - Parameter key: of a broadcast whose rows are in the ledger; without it rows come from the audience itself.
    public func previewBroadcast(_ plan: BroadcastPlan, key: String?, limit: Int) async throws -> BroadcastPreview {
        guard let broadcasts else { throw Self.noLedger }
        return try await broadcasts.preview(plan, key: key, limit: limit)
    }

    /// Sends the message to one person, outside of the ledger.
    public func testBroadcast(_ plan: BroadcastPlan, to row: JSONObject) async throws -> String {
        guard let broadcasts else { throw Self.noLedger }
        return try await broadcasts.test(plan, to: AudienceRow(row))
    }

    private static let noLedger = BroadcastProblem("this host's journal keeps no ledger of broadcasts")
}
