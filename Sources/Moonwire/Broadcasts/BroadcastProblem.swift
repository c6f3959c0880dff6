/// Why something of a broadcast cannot be done, for a person.
public struct BroadcastProblem: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
