/// A cheap view of one value inside a parsed document.
///
/// Valid only inside the `body` of `JSONParser.parse`; use `owned` to keep a value. Reading a value as another type
/// than its own gives nil, never a trap.
public struct JSONElement {
    /// The type of a value.
    public enum Kind: Hashable, Sendable {
        case null, bool, int, double, string, array, object
    }

    // The tape and the strings belong to the parser that lent this element, which keeps both alive and unchanged for
    // as long as the element is valid. `index` always points at the first word of a value: simdjson wrote the tape,
    // so a walk along its own lengths cannot leave it.
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    @usableFromInline let index: Int

    @inlinable
    init(tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
        self.tape = tape
        self.strings = strings
        self.index = index
    }

    @inlinable var word: UInt64 { tape[index] }
    @inlinable var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

    /// Where the value behind this one starts.
    @inlinable var nextIndex: Int {
        switch tag {
        case UInt8(ascii: "{"), UInt8(ascii: "["): Int(UInt32(truncatingIfNeeded: word))
        case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
        default: index + 1
        }
    }

    @inlinable
    func at(_ index: Int) -> JSONElement {
        JSONElement(tape: tape, strings: strings, index: index)
    }
}

@available(*, unavailable)
extension JSONElement: Sendable {}

extension JSONElement {
    public var kind: Kind {
        switch tag {
        case UInt8(ascii: "{"): .object
        case UInt8(ascii: "["): .array
        case UInt8(ascii: "\""): .string
        case UInt8(ascii: "l"): .int
        case UInt8(ascii: "u"), UInt8(ascii: "d"): .double
        case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool
        default: .null
        }
    }

    @inlinable public var isNull: Bool { tag == UInt8(ascii: "n") }
    @inlinable public var isObject: Bool { tag == UInt8(ascii: "{") }
    @inlinable public var isArray: Bool { tag == UInt8(ascii: "[") }

    @inlinable public var bool: Bool? {
        switch tag {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The number, if it was written as an integer and fits.
    @inlinable public var int: Int? {
        tag == UInt8(ascii: "l") ? Int(Int64(bitPattern: tape[index + 1])) : nil
    }

    /// The number, integers included.
    @inlinable public var double: Double? {
        switch tag {
        case UInt8(ascii: "d"): Double(bitPattern: tape[index + 1])
        case UInt8(ascii: "l"): Double(Int64(bitPattern: tape[index + 1]))
        case UInt8(ascii: "u"): Double(tape[index + 1])
        default: nil
        }
    }

    /// The value as a tree of its own, which may be kept and sent.
    public var owned: JSON {
        switch tag {
        case UInt8(ascii: "{"):
            var object = JSONObject()
            forEachMember { key, value in object.append(key.string ?? "", value.owned) }
            return .object(object)
        case UInt8(ascii: "["): return .array(elements.map(\.owned))
        case UInt8(ascii: "\""): return .string(string ?? "")
        case UInt8(ascii: "l"): return .int(Int64(bitPattern: tape[index + 1]))
        case UInt8(ascii: "u"), UInt8(ascii: "d"): return .double(double ?? 0)
        case UInt8(ascii: "t"): return .bool(true)
        case UInt8(ascii: "f"): return .bool(false)
        default: return .null
        }
    }
}
