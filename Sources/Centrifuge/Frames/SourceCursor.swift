/// Walks the bytes of a document in step with its parsed form, to find where a value stands in them.
///
/// The bytes are known to be valid JSON. Every read is bounded all the same.
struct SourceCursor {
    private let bytes: [UInt8]
    private let end: Int
    private(set) var index: Int

    /// Starts at the object that is the whole document in `range`.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.end = min(range.upperBound, bytes.count)
        self.index = range.lowerBound
        // A parser skips a byte order mark; nothing else can stand in front of the bracket.
        while index < end, bytes[index] != UInt8(ascii: "{") { index += 1 }
    }

    /// Steps into an object or array.
    mutating func enter() {
        index += 1
    }

    /// Steps behind the end of the container whose last value was passed.
    mutating func leave() {
        while index < end {
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { return }
        }
    }

    /// Steps to the value of the next member.
    mutating func toMemberValue() {
        skipSeparators()
        skipString()
        skipSeparators()
    }

    /// Steps to the next element of an array.
    mutating func toElement() {
        skipSeparators()
    }

    /// Steps over a value and answers its bytes.
    mutating func takeValue() -> [UInt8] {
        let start = index
        skipValue()
        return Array(bytes[min(start, end)..<min(index, end)])
    }

    /// Steps over a number, and answers it if it is whole and fits.
    mutating func takeUnsigned() -> UInt64? {
        let start = index
        skipValue()
        return start < index ? UInt64(String(decoding: bytes[start..<min(index, end)], as: UTF8.self)) : nil
    }

    /// Steps over a number, and answers it if it is whole and fits.
    mutating func takeSigned() -> Int64? {
        let start = index
        skipValue()
        return start < index ? Int64(String(decoding: bytes[start..<min(index, end)], as: UTF8.self)) : nil
    }

    /// Steps over a value of any kind.
    mutating func skipValue() {
        guard index < end else { return }
        switch bytes[index] {
        case UInt8(ascii: "\""): skipString()
        case UInt8(ascii: "{"), UInt8(ascii: "["): skipContainer()
        default:
            while index < end, !Self.endsScalar(bytes[index]) { index += 1 }
        }
    }

    private mutating func skipContainer() {
        var depth = 0
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 {
                    index += 1
                    return
                }
            default: break
            }
            index += 1
        }
    }

    private mutating func skipString() {
        index += 1
        while index < end {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                return
            }
            index += byte == UInt8(ascii: "\\") ? 2 : 1
        }
    }

    private mutating func skipSeparators() {
        while index < end {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ","),
                UInt8(ascii: ":"):
                index += 1
            default: return
            }
        }
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: " "), UInt8(ascii: "\t"),
            UInt8(ascii: "\r"), UInt8(ascii: "\n"):
            true
        default: false
        }
    }
}
