/// Names a subscription of one client, whatever its identifier is at the moment.
struct SubscriptionID: Hashable, Sendable, Comparable {
    var number: Int

    static func < (left: SubscriptionID, right: SubscriptionID) -> Bool { left.number < right.number }
}
