/// A Lua string: bytes, which are usually but not always UTF-8.
public struct LuaString: Sendable, Hashable {
    public var bytes: [UInt8]

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The text, or `nil` if the bytes are not valid UTF-8.
    public var text: String? {
        String(validating: bytes, as: UTF8.self)
    }
}

extension LuaString: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension LuaString: CustomStringConvertible {
    /// The text, with invalid bytes replaced.
    public var description: String {
        String(decoding: bytes, as: UTF8.self)
    }
}
