/// A session as one number: what an index of a million waiting sessions holds. The same on every machine.
///
/// Two sessions may share a digest, so whoever looks one up gets what belongs to any session of that digest.
public struct SessionDigest: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    public init(_ session: SessionID) {
        var hash = StableHash()
        hash.combine(session.channel.rawValue.utf8)
        hash.combine(separator: 0)
        hash.combine(session.id.utf8)
        rawValue = hash.value
    }
}
