import Foundation

/// A file of comma-separated values, read record by record.
struct CSVFile {
    let path: String
    private let handle: FileHandle
    private var decoder: TextDecoder
    private var machine: CSVMachine
    /// Decoded, and not taken yet.
    private var text: [UInt8]
    private var next = 0
    private var isAtEnd: Bool

    private static let chunk = 64 << 10

    /// - Throws: `BroadcastProblem` for a file that cannot be read.
    init(path: String, options: CSVOptions) throws(BroadcastProblem) {
        self.path = path
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw BroadcastProblem(
                FileManager.default.fileExists(atPath: path)
                    ? "the file \(path) cannot be read; check its permissions" : "there is no file \(path)")
        }
        self.handle = handle
        let sample = (try? handle.read(upToCount: Self.chunk)).flatMap { $0 }.map(Array.init) ?? []
        let detected = TextEncoding.detect(sample, isWhole: sample.count < Self.chunk)
        var encoding = detected.encoding
        if let name = options.encoding {
            guard let named = TextEncoding(name: name) else {
                throw BroadcastProblem(
                    "the encoding '\(name)' is not known; write utf-8, utf-16, windows-1256 or latin-1")
            }
            // A mark tells the order of bytes better than a name does.
            encoding = detected.mark == 2 && named == .utf16Little ? detected.encoding : named
        }
        decoder = TextDecoder(encoding)
        text = decoder.decode(Array(sample.dropFirst(detected.mark)))
        let declared = Self.declaredDelimiter(text)
        machine = CSVMachine(
            delimiter: try Self.delimiter(options) ?? declared ?? CSVMachine.delimiter(of: text))
        isAtEnd = sample.isEmpty
        if declared != nil { _ = try record() }
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
            while next < text.count {
                let byte = text[next]
                next += 1
                if let record = machine.take(byte) { return record }
            }
            guard !isAtEnd else { return nil }
            do {
                let bytes = try handle.read(upToCount: Self.chunk).map(Array.init) ?? []
                (text, next) = (decoder.decode(bytes), 0)
                isAtEnd = bytes.isEmpty
            } catch {
                throw BroadcastProblem("the file \(path) cannot be read: \(error)")
            }
            if isAtEnd { return machine.finish() }
        }
    }
}
