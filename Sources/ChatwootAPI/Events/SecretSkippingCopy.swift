#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Copies the message out of a valid frame `{"identifier":"…","message":…}` and leaves secrets behind.
///
/// Works on the text: every member's name is what stands between the quote in front of a colon and the quote before
/// that one. A colon inside a string may look like that too, but then the "name" in front of it begins with a quote that
/// ends a string, so it holds only commas, colons and brackets; or it holds a backslash. A backslash, white space
/// between a quote and the colon, or a secret that is not plain text make it give up: the caller then goes the general way.
struct SecretSkippingCopy {
    let bytes: UnsafeRawBufferPointer

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let colon = UInt8(ascii: ":")

    /// The message, or nil when the frame has another form than expected.
    func run() -> [UInt8]? {
        guard let body = messageRange() else { return nil }
        var copy: [UInt8] = []
        copy.reserveCapacity(body.count)
        var copied = body.lowerBound
        var index = body.lowerBound + 1
        while let place = nextColon(index..<body.upperBound) {
            index = place
            if bytes[index - 1] <= 0x20, followsQuoteAndSpace(index) { return nil }
            if bytes[index - 1] == Self.quote {
                guard let name = self.name(endingAt: index - 1) else { return nil }
                if isSecret(name) {
                    guard let end = secretEnd(index + 1) else { return nil }
                    if end > index + 1 {
                        copy.append(contentsOf: bytes[copied...index])
                        copy.append(contentsOf: #""***""#.utf8)
                        copied = end
                        index = end
                        continue
                    }
                }
            }
            index += 1
        }
        copy.append(contentsOf: bytes[copied..<body.upperBound])
        return copy
    }

    private func messageRange() -> Range<Int>? {
        let opening: StaticString = #"{"identifier":""#
        let middle: StaticString = #","message":"#
        guard starts(with: opening, at: 0), let identifierEnd = stringEnd(opening.utf8CodeUnitCount),
            starts(with: middle, at: identifierEnd), bytes.last == UInt8(ascii: "}")
        else { return nil }
        let start = identifierEnd + middle.utf8CodeUnitCount
        return start < bytes.count - 1 ? start..<bytes.count - 1 : nil
    }

    /// The place behind a string's closing quote, from inside the string.
    private func stringEnd(_ start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case Self.quote: return index + 1
            case Self.backslash: index += 2
            default: index += 1
            }
        }
        return nil
    }

    private func nextColon(_ range: Range<Int>) -> Int? {
        guard let start = bytes.baseAddress, range.upperBound <= bytes.count,
            let found = memchr(start + range.lowerBound, Int32(Self.colon), range.count)
        else { return nil }
        return UnsafeRawPointer(found) - start
    }

    private func followsQuoteAndSpace(_ place: Int) -> Bool {
        var index = place - 1
        while index > 0, bytes[index] <= 0x20 { index -= 1 }
        return bytes[index] == Self.quote
    }

    /// What stands in front of a closing quote; nil when it cannot be taken as it is.
    private func name(endingAt end: Int) -> Range<Int>? {
        var start = end
        while start > 0 {
            let byte = bytes[start - 1]
            if byte == Self.quote { return start..<end }
            if byte == Self.backslash { return nil }
            start -= 1
        }
        return nil
    }

    /// The place behind a secret; the same place for null, which hides nothing; nil for anything but plain text.
    private func secretEnd(_ start: Int) -> Int? {
        if starts(with: "null", at: start) { return start }
        guard start < bytes.count, bytes[start] == Self.quote else { return nil }
        return stringEnd(start + 1)
    }

    private func isSecret(_ name: Range<Int>) -> Bool {
        switch name.count {
        case 9: matches(name, "source_id")
        case 10: matches(name, "hmac_token")
        case 12: matches(name, "pubsub_token") || matches(name, "access_token")
        case 15: matches(name, "identifier_hash")
        case 16: matches(name, "api_access_token") || matches(name, "inbox_identifier")
        case 18: matches(name, "channel_identifier")
        default: false
        }
    }

    private func matches(_ name: Range<Int>, _ text: StaticString) -> Bool {
        starts(with: text, at: name.lowerBound)
    }

    private func starts(with text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= bytes.count else { return false }
        return text.withUTF8Buffer { text in
            for offset in 0..<text.count where bytes[place + offset] != text[offset] { return false }
            return true
        }
    }
}
