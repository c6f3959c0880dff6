/// Takes the compiled form of a file apart: the layout of Lua 5.4 with debug information. Trusts nothing in it.
struct BytecodeReader {
    /// The bytes are not what this reader knows.
    struct Malformed: Error {}

    /// Lua itself nests functions less deep.
    private static let deepest = 250

    private let bytes: [UInt8]
    private var position = 0
    private var functions: [LuaPrototype] = []

    /// The functions of a compiled file, each after the one that encloses it; `nil` for anything else, which another
    /// version of Lua may have written.
    static func functions(in bytes: [UInt8]) -> [LuaPrototype]? {
        var reader = BytecodeReader(bytes: bytes)
        do {
            try reader.readHeader()
            try reader.readFunction(parent: nil, depth: 0)
        } catch {
            return nil
        }
        return reader.functions
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func readHeader() throws(Malformed) {
        // Signature, version 5.4, official format, bytes that transfers in text mode damage, and the sizes of an
        // instruction, an integer and a number.
        let expected: [UInt8] = [
            0x1B, 0x4C, 0x75, 0x61, 0x54, 0, 0x19, 0x93, 0x0D, 0x0A, 0x1A, 0x0A, 4, 8, 8,
        ]
        guard try take(expected.count).elementsEqual(expected) else { throw Malformed() }
        // The integer and the number that show the byte order: the library that wrote them runs on this machine.
        _ = try take(16)
        _ = try byte()
    }

    private mutating func readFunction(parent: Int?, depth: Int) throws(Malformed) {
        guard depth < Self.deepest else { throw Malformed() }
        _ = try text()
        let line = try size()
        _ = try size()
        let parameterCount = Int(try byte())
        _ = try byte()
        let registerCount = Int(try byte())
        let code = try list(4) { (reader) throws(Malformed) in try reader.instruction() }
        let constants = try list(1) { (reader) throws(Malformed) in try reader.constant() }
        let upvalues = try list(3) { (reader) throws(Malformed) in
            let isLocal = try reader.byte() != 0
            let index = Int(try reader.byte())
            _ = try reader.byte()
            return (isLocal, index)
        }
        let own = functions.count
        let childCount = try count(1)
        // The functions inside come before this one's debug information: its place is kept for it.
        functions.append(.placeholder)
        var children: [Int] = []
        for _ in 0..<childCount {
            children.append(functions.count)
            try readFunction(parent: own, depth: depth + 1)
        }
        let lines = try readLines(from: line)
        let locals = try list(3) { (reader) throws(Malformed) in
            LuaPrototype.Local(name: try reader.text(), start: try reader.size(), end: try reader.size())
        }
        let names = try list(1) { (reader) throws(Malformed) in try reader.text() }
        functions[own] = LuaPrototype(
            parent: parent, line: line, parameterCount: parameterCount, registerCount: registerCount, code: code,
            constants: constants,
            upvalues: upvalues.enumerated().map { position, upvalue in
                LuaPrototype.Upvalue(
                    isLocalOfParent: upvalue.0, index: upvalue.1,
                    name: names.indices.contains(position) ? names[position] : "")
            }, children: children, lines: lines, locals: locals)
    }

    private mutating func instruction() throws(Malformed) -> LuaInstruction {
        let parts = Array(try take(4))
        #if _endian(big)
            let word = parts.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        #else
            let word = parts.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        #endif
        guard let instruction = LuaInstruction(word) else { throw Malformed() }
        return instruction
    }

    private mutating func constant() throws(Malformed) -> String? {
        switch try byte() {
        case 0x00, 0x01, 0x11: return nil
        case 0x03, 0x13:
            _ = try take(8)
            return nil
        case 0x04, 0x14: return try text()
        default: throw Malformed()
        }
    }

    /// Each instruction's line is a step from the one before, or stands in a second list.
    private mutating func readLines(from first: Int) throws(Malformed) -> [Int] {
        let steps = try list(1) { (reader) throws(Malformed) in Int8(bitPattern: try reader.byte()) }
        let absolute = try list(2) { (reader) throws(Malformed) in (try reader.size(), try reader.size()) }
        var next = absolute.makeIterator()
        var line = first
        return steps.map { step in
            line = step == Int8.min ? next.next()?.1 ?? line : line + Int(step)
            return line
        }
    }

    // The pieces

    private mutating func list<Element>(
        _ smallest: Int, _ read: (inout BytecodeReader) throws(Malformed) -> Element
    ) throws(Malformed) -> [Element] {
        var elements: [Element] = []
        for _ in 0..<(try count(smallest)) { elements.append(try read(&self)) }
        return elements
    }

    /// How many elements follow, each of so many bytes at least.
    private mutating func count(_ smallest: Int) throws(Malformed) -> Int {
        let count = try size()
        guard count <= (bytes.count - position) / smallest else { throw Malformed() }
        return count
    }

    /// Seven bits a byte, the highest first; the last byte has its top bit set.
    private mutating func size() throws(Malformed) -> Int {
        var value = 0
        while true {
            let byte = try byte()
            value = value << 7 | Int(byte & 0x7F)
            guard value <= Int(Int32.max) else { throw Malformed() }
            if byte & 0x80 != 0 { return value }
        }
    }

    private mutating func text() throws(Malformed) -> String {
        let length = try size()
        return length == 0 ? "" : String(decoding: try take(length - 1), as: UTF8.self)
    }

    private mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Malformed() }
        defer { position += count }
        return bytes[position..<(position + count)]
    }
}

extension LuaPrototype {
    fileprivate static let placeholder = LuaPrototype(
        parent: nil, line: 0, parameterCount: 0, registerCount: 0, code: [], constants: [], upvalues: [], children: [],
        lines: [], locals: [])
}
