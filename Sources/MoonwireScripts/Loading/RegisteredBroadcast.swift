import LuaRuntime
import Moonwire

/// A broadcast as the top level of a script builds it up. Confined to the script's thread.
final class RegisteredBroadcast {
    private let base: BroadcastPlan
    var audience: BroadcastPlan.Audience?
    var message: BroadcastPlan.Message?
    /// The function that writes messages.
    var writer: LuaFunction?

    init(_ base: BroadcastPlan) {
        self.base = base
    }

    var name: String { base.name }
    var location: String { base.location }

    /// `nil` as long as it has no audience or no message.
    var plan: BroadcastPlan? { message.flatMap { message in audience.map { _ in plan(for: message) } } }

    func plan(for message: BroadcastPlan.Message) -> BroadcastPlan {
        var plan = base
        if let audience { plan.audience = audience }
        plan.message = message
        return plan
    }
}

extension Registrations {
    /// What keeps a registered broadcast from ever being sent.
    func checkBroadcasts() throws(ScriptFailure) {
        for broadcast in broadcasts where broadcast.plan == nil {
            let missing = broadcast.audience == nil ? ":audience" : ":message"
            throw ScriptFailure(
                kind: .runtime,
                message: "\(broadcast.location): the broadcast '\(broadcast.name)' is never given its \(missing)")
        }
    }
}
