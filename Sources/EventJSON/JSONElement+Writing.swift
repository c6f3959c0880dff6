extension JSONElement {
    /// Writes this value, and all below it, as compact JSON.
    public func write(to writer: inout JSONWriter) {
        write(to: &writer, redacting: [])
    }

    /// Writes this value with `"***"` in place of every value whose key is among `keys`, at any depth.
    ///
    /// A null stays null: it tells that there is no secret.
    public func write(to writer: inout JSONWriter, redacting keys: JSONKeys) {
        switch tag {
        case UInt8(ascii: "{"):
            writer.beginObject()
            forEachMember { key, value in
                writer.key(utf8: key.utf8)
                if !keys.isEmpty, !value.isNull, keys.contains(key.utf8) {
                    writer.value(JSONKeys.replacement)
                } else {
                    value.write(to: &writer, redacting: keys)
                }
            }
            writer.endObject()
        case UInt8(ascii: "["):
            writer.beginArray()
            for element in elements { element.write(to: &writer, redacting: keys) }
            writer.endArray()
        case UInt8(ascii: "\""): writer.value(utf8: utf8)
        case UInt8(ascii: "l"): writer.value(Int64(bitPattern: tape[index + 1]))
        case UInt8(ascii: "u"): writer.raw(String(tape[index + 1]).utf8)
        case UInt8(ascii: "d"): writer.value(Double(bitPattern: tape[index + 1]))
        case UInt8(ascii: "t"): writer.value(true)
        case UInt8(ascii: "f"): writer.value(false)
        default: writer.null()
        }
    }
}

/// Names of members, kept as bytes so that a document's keys can be looked up without making strings.
public struct JSONKeys: Sendable, ExpressibleByArrayLiteral {
    /// What stands in place of a redacted value.
    public static let replacement = "***"

    private let keys: [[UInt8]]

    public init(_ keys: some Sequence<String>) {
        self.keys = keys.map { Array($0.utf8) }
    }

    public init(arrayLiteral elements: String...) {
        self.init(elements)
    }

    public var isEmpty: Bool { keys.isEmpty }

    /// Whether these bytes are one of the names.
    public func contains(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        keys.contains { key in key.count == name.count && key.elementsEqual(name) }
    }
}
