/// The fixed unit that sessions hash to. Lanes own partitions; who owns them may change, where a session hashes to
/// never does.
public struct Partition: Hashable, Sendable {
    public static let count = 256

    public let number: Int

    public init(of session: SessionID) {
        self.init(of: SessionDigest(session))
    }

    public init(of session: SessionDigest) {
        // FNV's low bits alone are weak for short ids that differ in one digit.
        number = Int((session.rawValue ^ (session.rawValue >> 32)) % UInt64(Self.count))
    }

    func lane(of count: Int) -> Int { number % count }
}
