/// How the text of a file is written.
enum TextEncoding: String, CaseIterable {
    case utf8 = "utf-8"
    case utf16Little = "utf-16le"
    case utf16Big = "utf-16be"
    case windows1256 = "windows-1256"
    case windows1251 = "windows-1251"
    case latin1 = "latin-1"

    /// Reads what people call it.
    init?(name: String) {
        switch name.lowercased().replacing("_", with: "-") {
        case "utf-8", "utf8": self = .utf8
        case "utf-16", "utf16", "utf-16le", "unicode": self = .utf16Little
        case "utf-16be": self = .utf16Big
        case "windows-1256", "cp1256", "1256": self = .windows1256
        case "windows-1251", "cp1251", "1251": self = .windows1251
        case "latin-1", "latin1", "iso-8859-1", "windows-1252", "cp1252": self = .latin1
        default: return nil
        }
    }

    /// Finds the encoding of a file by its beginning, and how many bytes of a mark stand before its text.
    static func detect(_ sample: [UInt8], isWhole: Bool) -> (encoding: TextEncoding, mark: Int) {
        if sample.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if sample.starts(with: [0xFF, 0xFE]) { return (.utf16Little, 2) }
        if sample.starts(with: [0xFE, 0xFF]) { return (.utf16Big, 2) }
        // Headings, delimiters and digits are ASCII: in UTF-16 every other byte of them is zero.
        let start = sample.prefix(4096)
        let zeros = (even: zeros(start, 0), odd: zeros(start, 1))
        if zeros.odd * 5 > start.count, zeros.odd > zeros.even { return (.utf16Little, 0) }
        if zeros.even * 5 > start.count { return (.utf16Big, 0) }
        if isUTF8(sample, isWhole: isWhole) { return (.utf8, 0) }
        return (consistsOfWords(sample) ? alphabet(of: sample) : .latin1, 0)
    }

    private static func zeros(_ bytes: ArraySlice<UInt8>, _ parity: Int) -> Int {
        bytes.indices.count { bytes[$0] == 0 && $0 % 2 == parity }
    }

    /// Text in another encoding is hardly ever valid by chance, so that a few bytes which are not do not say much: their
    /// records are rejected, and the others are read as they were meant.
    private static func isUTF8(_ sample: [UInt8], isWhole: Bool) -> Bool {
        var valid = 0
        var wrong = 0
        var index = 0
        while index < sample.count {
            let length = characterLength(sample[index])
            if length == 1 {
                index += 1
                continue
            }
            let character = sample[index...].prefix(max(length, 1))
            // The sample may end in the middle of a character.
            if !isWhole, character.count < length, character.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) { break }
            if length > 0, String(validating: character, as: UTF8.self) != nil {
                valid += 1
                index += length
            } else {
                wrong += 1
                index += 1
            }
        }
        return wrong == 0 || valid > 2 * wrong
    }

    /// 0 for a byte that begins no character.
    private static func characterLength(_ byte: UInt8) -> Int {
        switch byte {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }

    /// Arabic words have letters in both halves of the upper range. Of Cyrillic ones the capitals are in the first half,
    /// and among the others in the second are many that would be accented Latin letters.
    private static func alphabet(of sample: [UInt8]) -> TextEncoding {
        let letters = sample.filter { $0 >= 0xC0 }
        let arabic = letters.count { (0x0621...0x064A).contains(CodePages.arabic[Int($0) - 0x80]) }
        let late = letters.count { $0 >= 0xE0 }
        let isFewCapitals = letters.count < 8 || late * 20 > letters.count
        return arabic * 10 >= letters.count * 9 && isFewCapitals ? .windows1256 : .windows1251
    }

    /// Words of other alphabets consist of high bytes; in Latin text those stand alone among plain letters.
    private static func consistsOfWords(_ sample: [UInt8]) -> Bool {
        var inRuns = 0
        var all = 0
        for index in sample.indices where sample[index] >= 0xC0 {
            all += 1
            let before = index > 0 && sample[index - 1] >= 0xC0
            let behind = index + 1 < sample.count && sample[index + 1] >= 0xC0
            if before || behind { inRuns += 1 }
        }
        return inRuns * 2 > all
    }
}

/// Turns the bytes of a file into UTF-8, piece by piece.
struct TextDecoder {
    private let encoding: TextEncoding
    /// The first byte of a pair that the piece before ended in, and the first unit of a surrogate pair.
    private var half: UInt8?
    private var surrogate: UInt16?

    init(_ encoding: TextEncoding) {
        self.encoding = encoding
    }

    mutating func decode(_ bytes: [UInt8]) -> [UInt8] {
        switch encoding {
        case .utf8: return bytes
        case .latin1: return single(bytes) { $0 < 0xA0 ? CodePages.latin[Int($0) - 0x80] : UInt16($0) }
        case .windows1256: return single(bytes) { CodePages.arabic[Int($0) - 0x80] }
        case .windows1251:
            return single(bytes) { $0 < 0xC0 ? CodePages.cyrillic[Int($0) - 0x80] : 0x0410 + UInt16($0 - 0xC0) }
        case .utf16Little: return pairs(bytes) { UInt16($0) | UInt16($1) << 8 }
        case .utf16Big: return pairs(bytes) { UInt16($0) << 8 | UInt16($1) }
        }
    }

    private func single(_ bytes: [UInt8], _ upper: (UInt8) -> UInt16) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 2)
        for byte in bytes {
            if byte < 0x80 { text.append(byte) } else { Self.append(UInt32(upper(byte)), to: &text) }
        }
        return text
    }

    private mutating func pairs(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = unit(first, byte)
            switch (surrogate, unit) {
            case (let high?, 0xDC00...0xDFFF):
                surrogate = nil
                Self.append(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(unit) - 0xDC00), to: &text)
            case (_, 0xD800...0xDBFF): surrogate = unit
            default:
                surrogate = nil
                Self.append(UInt32(unit), to: &text)
            }
        }
        return text
    }

    private static func append(_ value: UInt32, to text: inout [UInt8]) {
        let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
