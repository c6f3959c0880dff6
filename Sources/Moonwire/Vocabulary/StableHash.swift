/// FNV-1a with 64 bits: the same on every machine and in every process, which Swift's own hashing is not.
///
/// Used for digests and partitions that outlive a process; not a defence against a chosen collision.
public struct StableHash: Sendable {
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    public init() {}

    public mutating func combine(_ bytes: some Sequence<UInt8>) {
        var hash = value
        for byte in bytes {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        value = hash
    }

    public mutating func combine(separator: UInt8) {
        value = (value ^ UInt64(separator)) &* 0x100_0000_01B3
    }
}
