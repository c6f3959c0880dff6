internal import Crypto

/// A message's id on a custom channel (`mId`), which this side makes for both directions.
///
/// A prefix for the direction, then 26 characters of Crockford's Base32: 48 bits of milliseconds, so that ids sort by
/// time, and 80 more.
public struct CustomChannelMessageID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// The customer wrote.
        case incoming = "in_"
        /// The business wrote outside of the platform.
        case echo = "ec_"
        /// The platform wrote to the customer.
        case outgoing = "out_"
    }

    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// An id by chance.
    public init(_ kind: Kind, milliseconds: Int64) {
        var generator = SystemRandomNumberGenerator()
        let tail = (0..<10).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        self.init(kind, milliseconds: milliseconds, tail: tail)
    }

    /// The id that belongs to a key: the same key and time give the same id, also after a restart.
    public init(_ kind: Kind, milliseconds: Int64, key: String) {
        self.init(kind, milliseconds: milliseconds, tail: SHA256.hash(data: Array(key.utf8)).prefix(10))
    }

    private init(_ kind: Kind, milliseconds: Int64, tail: some Sequence<UInt8>) {
        let time = UInt64(bitPattern: max(milliseconds, 0)) & 0xFFFF_FFFF_FFFF
        var text = Array(kind.rawValue.utf8)
        for shift in stride(from: 45, through: 0, by: -5) {
            text.append(Self.alphabet[Int(truncatingIfNeeded: time >> UInt64(shift)) & 31])
        }
        var (held, bits) = (UInt32(0), 0)
        for byte in tail {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.append(Self.alphabet[Int(held >> UInt32(bits)) & 31])
            }
        }
        rawValue = String(decoding: text, as: UTF8.self)
    }

    /// The id of one part of a message that is sent in several, from 1.
    public func part(_ number: Int) -> CustomChannelMessageID {
        CustomChannelMessageID(rawValue: "\(rawValue)_\(number)")
    }

    public var kind: Kind? { Kind.allCases.first { rawValue.hasPrefix($0.rawValue) } }
    public var description: String { rawValue }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    func check() throws(CustomChannelError) {
        try FieldRule.text(rawValue, "events[0].mId", limit: CustomChannelLimits.id)
    }
}
