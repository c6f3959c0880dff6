extension JSONElement {
    // simdjson writes the length as four bytes in front of the text, unaligned.
    @inlinable var utf8: UnsafeBufferPointer<UInt8> {
        let start = strings + Int(word & 0x00FF_FFFF_FFFF_FFFF)
        let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return UnsafeBufferPointer(start: start + 4, count: Int(count))
    }

    @inlinable public var isString: Bool { tag == UInt8(ascii: "\"") }

    /// The text. Makes a `String`: to compare only, `rawEquals` costs nothing.
    @inlinable public var string: String? {
        isString ? String(decoding: utf8, as: UTF8.self) : nil
    }

    /// The number of UTF-8 bytes of the text.
    @inlinable public var utf8Count: Int? { isString ? utf8.count : nil }

    /// Lends the text's UTF-8 bytes without copying them. Nil when this is not a string.
    @inlinable
    public func withUTF8<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result? {
        isString ? try body(utf8) : nil
    }

    /// Whether this is a string with exactly this text, compared byte by byte.
    @inlinable
    public func rawEquals(_ text: StaticString) -> Bool {
        guard isString, text.hasPointerRepresentation else { return false }
        return matches(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    /// Whether this is a string with exactly this text, compared byte by byte.
    public func rawEquals(_ text: String) -> Bool {
        guard isString else { return false }
        var text = text
        return text.withUTF8 { matches($0.baseAddress ?? strings, count: $0.count) }
    }

    @inlinable
    func matches(_ text: UnsafePointer<UInt8>, count: Int) -> Bool {
        let own = utf8
        guard own.count == count, let start = own.baseAddress else { return false }
        var offset = 0
        while offset < count {
            if start[offset] != text[offset] { return false }
            offset += 1
        }
        return true
    }
}
