/// A piece of valid JSON text that travels unparsed, such as a platform's custom attributes.
public struct RawJSON: Hashable, Sendable {
    public let bytes: [UInt8]

    /// The caller vouches that `bytes` are one valid JSON value in UTF-8.
    public init(validated bytes: [UInt8]) {
        self.bytes = bytes
    }

    public static let emptyObject = RawJSON(validated: [0x7B, 0x7D])
    public static let emptyArray = RawJSON(validated: [0x5B, 0x5D])
    public static let null = RawJSON(validated: Array("null".utf8))

    package init(flag: Bool) {
        bytes = Array((flag ? "true" : "false").utf8)
    }

    public var text: String { String(decoding: bytes, as: UTF8.self) }
}
