/// A file of comma-separated values, read record by record.
struct CSVFile {
    let encoding: TextEncoding
    let delimiter: UInt8
    /// Of all the text up to the last record that was taken.
    private(set) var digest = StableHash()
    private let file: RegularFile
    private var decoder: TextDecoder
    private var machine: CSVMachine
    /// Decoded, and not taken yet.
    private var text: [UInt8]
    private var next = 0
    private var isAtEnd: Bool

    private static let chunk = 64 << 10

    /// - Throws: `BroadcastProblem` for a file that cannot be read.
    init(path: String, options: CSVOptions) throws(BroadcastProblem) {
        file = try RegularFile(path: path)
        let sample = try file.read(upTo: Self.chunk)
        let detected = TextEncoding.detect(sample, isWhole: sample.count < Self.chunk)
        var encoding = detected.encoding
        if let name = options.encoding {
            guard let named = TextEncoding(name: name) else {
                throw BroadcastProblem(
                    "the encoding '\(name)' is not known; write utf-8, utf-16, windows-1256, windows-1251 or latin-1")
            }
            // A mark tells the order of bytes better than a name does.
            encoding = detected.mark == 2 && named == .utf16Little ? detected.encoding : named
        }
        self.encoding = encoding
        decoder = TextDecoder(encoding)
        text = decoder.decode(Array(sample.dropFirst(detected.mark)))
        let declared = Self.declaredDelimiter(text)
        delimiter = try Self.delimiter(options) ?? declared ?? CSVMachine.delimiter(of: text)
        machine = CSVMachine(delimiter: delimiter)
        isAtEnd = sample.isEmpty
        if declared != nil { _ = try record() }
    }

    /// Whether somebody has written into the file since it was opened.
    var hasChanged: Bool { file.hasChanged }

    var mark: AudienceMark {
        AudienceMark(
            encoding: encoding.rawValue,
            delimiter: delimiter == UInt8(ascii: "\t") ? "tab" : String(decoding: [delimiter], as: UTF8.self),
            digest: String(digest.value, radix: 16))
    }

    private static func delimiter(_ options: CSVOptions) throws(BroadcastProblem) -> UInt8? {
        guard let text = options.delimiter else { return nil }
        if text == "tab" { return UInt8(ascii: "\t") }
        guard let byte = text.utf8.first, text.utf8.count == 1 else {
            throw BroadcastProblem("the delimiter '\(text)' is not one character; write , ; | or tab")
        }
        return byte
    }

    /// Spreadsheets begin a file with `sep=;` sometimes.
    private static func declaredDelimiter(_ text: [UInt8]) -> UInt8? {
        guard text.count > 5, text.starts(with: Array("sep=".utf8)), text[5] == 0x0D || text[5] == 0x0A else {
            return nil
        }
        return text[4]
    }

    /// The next record that is not empty; `nil` at the end.
    mutating func record() throws(BroadcastProblem) -> CSVMachine.Record? {
        while true {
            let begin = next
            while next < text.count {
                let byte = text[next]
                next += 1
                if let record = machine.take(byte) {
                    digest.combine(text[begin..<next])
                    return record
                }
            }
            digest.combine(text[begin..<next])
            guard !isAtEnd else { return nil }
            let bytes = try file.read(upTo: Self.chunk)
            (text, next) = (decoder.decode(bytes), 0)
            isAtEnd = bytes.isEmpty
            if isAtEnd { return machine.finish() }
        }
    }
}
