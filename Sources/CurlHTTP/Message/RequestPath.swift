/// A path in two forms: for the wire, and for people, with secrets hidden.
///
/// Built by interpolation: values are percent-encoded, and `\(secret: value)` shows as `***`.
package struct RequestPath: Hashable, Sendable, ExpressibleByStringInterpolation {
    package let wire: String
    package let display: String

    package init(wire: String, display: String) {
        self.wire = wire
        self.display = display
    }

    package init(stringLiteral value: String) {
        self.init(wire: value, display: value)
    }

    package init(stringInterpolation: StringInterpolation) {
        self.init(wire: stringInterpolation.wire, display: stringInterpolation.display)
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        package private(set) var wire = ""
        package private(set) var display = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            wire.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        package mutating func appendLiteral(_ literal: String) {
            wire += literal
            display += literal
        }

        package mutating func appendInterpolation(_ id: Int) {
            wire += String(id)
            display += String(id)
        }

        package mutating func appendInterpolation(_ text: String) {
            wire += percentEncoded(text)
            display += percentEncoded(text)
        }

        package mutating func appendInterpolation(secret: String) {
            wire += percentEncoded(secret)
            display += "***"
        }

        package mutating func appendInterpolation(_ path: RequestPath) {
            wire += path.wire
            display += path.display
        }
    }
}

/// Text that a path segment or a query value carries as it is, everything but letters, digits, `-` and `_` encoded.
/// The dot too: the server would take what is behind it for a format.
package func percentEncoded(_ text: String) -> String {
    var encoded: [UInt8] = []
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            encoded.append(byte)
        default:
            encoded.append(UInt8(ascii: "%"))
            encoded.append(digits[Int(byte >> 4)])
            encoded.append(digits[Int(byte & 15)])
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}
