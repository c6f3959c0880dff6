/// The document with an exponent `e0` behind every integer of 19 digits or more, or nil when it has none.
///
/// With the exponent such an integer is parsed as the nearest double. Bytes need not be valid JSON.
func wideningLongIntegers(in bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var widened: [UInt8] = []
    var copied = 0
    var index = 0
    var isInString = false
    while index < bytes.count {
        let byte = bytes[index]
        if isInString {
            if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isInString = false }
            index += 1
        } else if byte == UInt8(ascii: "\"") {
            isInString = true
            index += 1
        } else if isDigit(byte) {
            let start = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            let isFraction = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
            let isExponent = start > 0 && [UInt8(ascii: "e"), UInt8(ascii: "E")].contains(bytes[start - 1])
            let continues = index < bytes.count && [UInt8]("+-.eE".utf8).contains(bytes[index])
            guard index - start >= 19, !isFraction, !isExponent, !continues else { continue }
            widened.append(contentsOf: bytes[copied..<index])
            widened.append(contentsOf: "e0".utf8)
            copied = index
        } else {
            index += 1
        }
    }
    guard copied > 0 else { return nil }
    widened.append(contentsOf: bytes[copied...])
    return widened
}

private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
}
