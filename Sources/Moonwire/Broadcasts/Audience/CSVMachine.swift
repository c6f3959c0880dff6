/// Reads comma-separated values byte by byte (RFC 4180, with what spreadsheets make of it). Knows nothing of files.
struct CSVMachine {
    struct Record: Equatable {
        /// Where it begins, from 1.
        let line: Int64
        /// One text for each field; empty for a record that cannot be read.
        let fields: [String]
        /// Why it cannot be read.
        let problem: String?
    }

    private enum State {
        case fieldStart
        case plain
        case quoted
        /// Behind a quotation mark inside of a quoted field: either its end or one half of a doubled one.
        case quote
        /// The record is too long, or makes no sense: everything up to the end of the line is left out.
        case broken(String)
    }

    /// A record longer than this is taken for one whose closing quotation mark is missing.
    private static let longest = 1 << 16

    private let delimiter: UInt8
    private var state = State.fieldStart
    private var field: [UInt8] = []
    private var fields: [String] = []
    private var size = 0
    private var line: Int64 = 1
    private var startLine: Int64 = 1
    private var isBehindReturn = false
    private var isInvalid = false

    init(delimiter: UInt8) {
        self.delimiter = delimiter
    }

    /// Takes the next byte. Gives the record that it ends.
    mutating func take(_ byte: UInt8) -> Record? {
        let isBehindReturn = isBehindReturn
        self.isBehindReturn = byte == UInt8(ascii: "\r")
        if byte == UInt8(ascii: "\n"), isBehindReturn, !isQuoted { return nil }
        let endsLine = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        defer { if endsLine, !(byte == UInt8(ascii: "\n") && isBehindReturn) { line += 1 } }
        size += 1
        if size > Self.longest, !isBroken {
            state = .broken("is longer than 64 kB; is a quotation mark missing?")
        }
        switch state {
        case .broken: return endsLine ? end() : nil
        case .quoted:
            if byte == UInt8(ascii: "\"") { state = .quote } else { field.append(byte) }
            return nil
        case .quote where byte == UInt8(ascii: "\""):
            field.append(byte)
            state = .quoted
            return nil
        case .fieldStart where byte == UInt8(ascii: "\""):
            state = .quoted
            return nil
        case .fieldStart, .plain, .quote:
            if byte == delimiter {
                endField()
                state = .fieldStart
            } else if endsLine {
                return end()
            } else if case .quote = state {
                // Spaces behind the closing mark do no harm.
                if byte != UInt8(ascii: " ") { state = .broken("has text behind a closing quotation mark") }
            } else {
                field.append(byte)
                state = .plain
            }
            return nil
        }
    }

    /// The record that the end of the file ends.
    mutating func finish() -> Record? {
        if case .quoted = state { state = .broken("ends inside of a quotation") }
        return end()
    }

    private var isQuoted: Bool { if case .quoted = state { true } else { false } }
    private var isBroken: Bool { if case .broken = state { true } else { false } }

    private mutating func endField() {
        if let text = String(validating: field, as: UTF8.self) {
            fields.append(text)
        } else {
            isInvalid = true
            fields.append("")
        }
        field.removeAll(keepingCapacity: true)
    }

    private mutating func end() -> Record? {
        defer {
            field.removeAll(keepingCapacity: true)
            fields.removeAll(keepingCapacity: true)
            size = 0
            startLine = line + 1
            isInvalid = false
            state = .fieldStart
        }
        if case .broken(let problem) = state { return Record(line: startLine, fields: [], problem: problem) }
        if fields.isEmpty, field.isEmpty { return nil }
        endField()
        if fields.allSatisfy({ $0.isEmpty }) { return nil }
        guard !isInvalid else {
            return Record(line: startLine, fields: [], problem: "is not UTF-8 text, as the beginning of the file is")
        }
        return Record(line: startLine, fields: fields, problem: nil)
    }
}

extension CSVMachine {
    /// The delimiter that a heading uses: of `,`, `;`, tab and `|` the one that comes most often outside of quotations.
    static func delimiter(of text: [UInt8]) -> UInt8 {
        let candidates: [UInt8] = [
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"),
        ]
        var counts = [UInt8: Int]()
        var isQuoted = false
        for byte in text {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if !counts.isEmpty { break }
                continue
            }
            if candidates.contains(byte) { counts[byte, default: 0] += 1 }
        }
        let most = counts.values.max() ?? 0
        return candidates.first { counts[$0] == most && most > 0 } ?? UInt8(ascii: ",")
    }
}
