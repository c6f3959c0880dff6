/// Names that are unique among all scripts of a host, such as those of jobs.
public struct NameClaims: Sendable {
    private var claimed: [String: RegisteredHandler] = [:]

    private var broadcasts: [String: BroadcastPlan] = [:]

    public init() {}

    /// Claims the names of a script's broadcasts.
    ///
    /// - Returns: The sentence, with both places, for the first name that another script has.
    mutating func claim(_ plans: [BroadcastPlan]) -> String? {
        for plan in plans {
            if let other = broadcasts[plan.name], other.script != plan.script {
                return
                    "\(plan.location): the broadcast '\(plan.name)' is declared by script '\(other.script)' already, at "
                    + other.location
            }
            broadcasts[plan.name] = plan
        }
        return nil
    }

    /// Claims the names of a script's handlers.
    ///
    /// - Returns: The sentences, each with its handler, for names that another script has, with both places.
    public mutating func claim(
        _ handlers: [HandlerDescriptor], of script: String
    ) -> [(handler: HandlerDescriptor, problem: String)] {
        var problems: [(handler: HandlerDescriptor, problem: String)] = []
        for handler in handlers {
            guard let claim = handler.claim else { continue }
            if let other = claimed[claim], other.script != script {
                let problem =
                    "the \(claim) is declared by script '\(other.script)' already, at \(other.handler.location)"
                problems.append((handler, problem))
            } else {
                claimed[claim] = RegisteredHandler(script: script, handler: handler)
            }
        }
        return problems
    }
}
