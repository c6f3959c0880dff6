/// The header fields of a response, kept as received and searched on demand.
public struct HTTPHeaders: Sendable {
    /// `Name: value` lines, each ended by CR LF or LF; status line and blank line may be among them.
    let block: [UInt8]

    init(block: [UInt8]) {
        self.block = block
    }

    /// Headers from a list, for doubles of a server.
    public init(_ headers: [HTTPHeader] = []) {
        var block: [UInt8] = []
        for header in headers {
            block.append(contentsOf: header.name.utf8)
            block.append(contentsOf: ": ".utf8)
            block.append(contentsOf: header.value.utf8)
            block.append(contentsOf: "\r\n".utf8)
        }
        self.block = block
    }

    /// The first value of a field, its name compared without regard to case.
    public subscript(name: String) -> String? {
        var found: String?
        forEachField { fieldName, value in
            guard Self.equal(fieldName, name.utf8) else { return true }
            found = String(decoding: value, as: UTF8.self)
            return false
        }
        return found
    }

    /// All values of a field in order of arrival.
    public func values(_ name: String) -> [String] {
        var found: [String] = []
        forEachField { fieldName, value in
            if Self.equal(fieldName, name.utf8) { found.append(String(decoding: value, as: UTF8.self)) }
            return true
        }
        return found
    }

    /// All fields in order of arrival.
    public var all: [HTTPHeader] {
        var fields: [HTTPHeader] = []
        forEachField { name, value in
            fields.append(HTTPHeader(String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self)))
            return true
        }
        return fields
    }

    private func forEachField(_ body: (ArraySlice<UInt8>, ArraySlice<UInt8>) -> Bool) {
        var start = block.startIndex
        while start < block.endIndex {
            let end = block[start...].firstIndex(of: UInt8(ascii: "\n")) ?? block.endIndex
            let line = block[start..<end]
            start = end < block.endIndex ? end + 1 : end
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), !line.starts(with: "HTTP/".utf8) else { continue }
            if !body(line[..<colon], Self.trimmed(line[(colon + 1)...])) { return }
        }
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var slice = bytes
        while let first = slice.first, first == 0x20 || first == 0x09 { slice.removeFirst() }
        while let last = slice.last, last == 0x20 || last == 0x09 || last == 0x0d { slice.removeLast() }
        return slice
    }

    static func equal(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension HTTPHeaders: CustomStringConvertible, CustomDebugStringConvertible {
    /// The names only: values hold session cookies.
    public var description: String { "[" + all.map(\.name).joined(separator: ", ") + "]" }
    public var debugDescription: String { description }
}
