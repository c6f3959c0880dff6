private import CSimdJSON

/// Strict JSON on the event path: bytes to a cheap view of the document, and back to bytes.
///
/// This target knows RFC 8259 and nothing of what a document means. Parsing is simdjson's, behind `CSimdJSON`;
/// no other target needs to see its tape.
///
/// A parser keeps its buffers between documents, so keep one per stream. It is not `Sendable`: one task or thread
/// at a time, and not from inside its own `body`.
public final class JSONParser {
    /// How deep arrays and objects may nest unless a parser is told otherwise.
    public static let defaultMaxDepth = 128
    /// How many bytes a document may have unless a parser is told otherwise.
    public static let defaultMaxBytes = 16 << 20

    private let parser: OpaquePointer?
    private let maxBytes: Int
    private let maxDepth: Int
    private var isBusy = false

    public init(maxBytes: Int = JSONParser.defaultMaxBytes, maxDepth: Int = JSONParser.defaultMaxDepth) {
        self.maxBytes = max(0, min(maxBytes, Int(UInt32.max) - 64))
        self.maxDepth = max(1, min(maxDepth, 1024))
        // Room for a number that had to be widened, see `wideningLongIntegers`.
        parser = simdjson_parser_create(self.maxBytes * 2 + 64)
    }

    deinit {
        if let parser { simdjson_parser_destroy(parser) }
    }

    /// Parses one document and lends its root to `body`.
    ///
    /// The element, and every element reached from it, is valid only inside `body`. Throws `JSONError` when the bytes
    /// are not strict JSON, else whatever `body` throws. Integers beyond 64 bits are read as doubles.
    public func parse<Result>(_ bytes: [UInt8], _ body: (JSONElement) throws -> Result) throws -> Result {
        try bytes.withUnsafeBytes { try parse($0, body) }
    }

    /// Parses one document from a part of an array.
    public func parse<Result>(_ bytes: ArraySlice<UInt8>, _ body: (JSONElement) throws -> Result) throws -> Result {
        try bytes.withUnsafeBytes { try parse($0, body) }
    }

    /// Parses one document from memory that the caller keeps alive during the call.
    public func parse<Result>(
        _ bytes: UnsafeRawBufferPointer, _ body: (JSONElement) throws -> Result
    ) throws -> Result {
        guard !isBusy else { throw JSONError(.malformed, "A JSON parser was used inside its own parse.") }
        isBusy = true
        defer { isBusy = false }
        return try body(root(of: bytes))
    }

    private func root(of bytes: UnsafeRawBufferPointer) throws -> JSONElement {
        guard bytes.count <= maxBytes else {
            throw JSONError(
                .tooLarge, "The JSON document has \(bytes.count) bytes, more than \(maxBytes) are not read.")
        }
        var document = simdjson_document()
        var status = try parse(bytes, into: &document)
        // The parser refuses integers beyond 64 bits, which are valid JSON: a second try reads them as doubles.
        if status != 0, let widened = wideningLongIntegers(in: bytes) {
            status = try widened.withUnsafeBytes { try parse($0, into: &document) }
        }
        guard status == 0, let tape = document.tape, let strings = document.strings else {
            throw refusal(status)
        }
        return JSONElement(tape: tape, strings: strings, index: 1)
    }

    private func parse(
        _ bytes: UnsafeRawBufferPointer, into document: inout simdjson_document
    ) throws -> Int32 {
        guard let parser else { throw JSONError(.outOfMemory, "No memory for a JSON parser.") }
        guard let start = bytes.baseAddress, bytes.count > 0 else {
            throw JSONError(.malformed, "Not valid JSON: no bytes at all.")
        }
        let typed = start.assumingMemoryBound(to: UInt8.self)
        return simdjson_parse(parser, typed, bytes.count, maxDepth, &document)
    }

    private func refusal(_ status: Int32) -> JSONError {
        let reason = simdjson_error_text(status).map { String(cString: $0) } ?? "unknown"
        return switch status {
        case 1: JSONError(.tooLarge, "The JSON document is too large.")
        case 2: JSONError(.outOfMemory, "No memory to parse a JSON document.")
        case 4: JSONError(.tooDeep, "The JSON document nests deeper than \(maxDepth) levels.")
        default: JSONError(.malformed, "Not valid JSON: \(reason)")
        }
    }
}
