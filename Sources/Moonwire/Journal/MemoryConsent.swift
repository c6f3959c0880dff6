/// Who does not want to be written to about what, as a journal in memory holds it. The last word counts.
struct MemoryConsent: Sendable {
    private struct Choice: Hashable, Sendable {
        let address: String
        let topic: String
    }

    private static let everyTopic = "*"

    private var optOuts: Set<Choice> = []
    /// Topics that a client has opted in to after an opt-out of all.
    private var optIns: Set<Choice> = []

    /// - Returns: whether anything has changed by it, as of the next.
    mutating func optOut(_ addresses: [String], _ topic: String) -> Bool {
        let before = (optOuts.count, optIns.count)
        optOuts.formUnion(addresses.map { Choice(address: $0, topic: topic) })
        optIns = optIns.filter { !addresses.contains($0.address) || topic != Self.everyTopic && topic != $0.topic }
        return before != (optOuts.count, optIns.count)
    }

    mutating func optIn(_ addresses: [String], _ topic: String) -> Bool {
        let before = (optOuts.count, optIns.count)
        optOuts = optOuts.filter { !addresses.contains($0.address) || topic != Self.everyTopic && topic != $0.topic }
        if topic == Self.everyTopic {
            optIns = optIns.filter { !addresses.contains($0.address) }
        } else {
            for address in addresses where optOuts.contains(Choice(address: address, topic: Self.everyTopic)) {
                optIns.insert(Choice(address: address, topic: topic))
            }
        }
        return before != (optOuts.count, optIns.count)
    }

    func isOptedOut(_ addresses: [String], _ topic: String) -> Bool {
        addresses.contains { address in
            optOuts.contains(Choice(address: address, topic: topic))
                || optOuts.contains(Choice(address: address, topic: Self.everyTopic))
                    && !optIns.contains(Choice(address: address, topic: topic))
        }
    }
}
