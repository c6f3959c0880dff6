/// Finds the modules that a Lua source requires, without running it.
///
/// Reads tokens: comments and strings are skipped, and `require` counts where it is not a field or method of something.
struct RequireScanner {
    /// Modules named by a literal.
    private(set) var modules: [String] = []
    /// Whether `require` is used in any other way, so that its modules cannot be known.
    private(set) var isOpen = false

    init(_ source: String) {
        var lexer = LuaLexer(source)
        var previous: LuaLexer.Token?
        while let token = lexer.next() {
            if token == .name("require"), previous != .symbol("."), previous != .symbol(":") {
                var ahead = lexer
                var argument = ahead.next()
                if argument == .symbol("(") { argument = ahead.next() }
                if case .string(let module) = argument { modules.append(module) } else { isOpen = true }
            }
            previous = token
        }
    }
}

/// Splits Lua source into the few kinds of token that matter here. Anything malformed ends the walk early: the Lua
/// compiler says what is wrong with it.
struct LuaLexer {
    enum Token: Equatable {
        case name(String)
        case string(String)
        /// One character of punctuation, or a number's characters one by one.
        case symbol(Character)
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ source: String) {
        bytes = Array(source.utf8)
    }

    mutating func next() -> Token? {
        skipBlanks()
        guard let byte = peek() else { return nil }
        if isNameByte(byte), !isDigit(byte) {
            let start = position
            while let byte = peek(), isNameByte(byte) { position += 1 }
            return .name(String(decoding: bytes[start..<position], as: UTF8.self))
        }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { return shortString(until: byte) }
        if byte == UInt8(ascii: "["), let content = longBracket() { return .string(content) }
        position += 1
        return .symbol(Character(Unicode.Scalar(byte)))
    }

    private mutating func skipBlanks() {
        while let byte = peek() {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") {
                position += 2
                if peek() == UInt8(ascii: "["), longBracket() != nil { continue }
                while let byte = peek(), byte != 0x0A { position += 1 }
            } else {
                return
            }
        }
    }

    private mutating func shortString(until quote: UInt8) -> Token? {
        position += 1
        let start = position
        while let byte = peek(), byte != quote, byte != 0x0A {
            position += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        guard peek() == quote else { return nil }
        defer { position += 1 }
        return .string(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// The content of `[[…]]` or `[==[…]==]`; nil, with nothing consumed, when this is no long bracket.
    private mutating func longBracket() -> String? {
        var level = 0
        while peek(1 + level) == UInt8(ascii: "=") { level += 1 }
        guard peek(1 + level) == UInt8(ascii: "[") else { return nil }
        let start = position + level + 2
        var index = start
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "]"), closes(at: index, level: level) {
                position = index + level + 2
                return String(decoding: bytes[start..<index], as: UTF8.self)
            }
            index += 1
        }
        position = bytes.count
        return String(decoding: bytes[min(start, bytes.count)...], as: UTF8.self)
    }

    private func closes(at index: Int, level: Int) -> Bool {
        guard index + level + 1 < bytes.count, bytes[index + level + 1] == UInt8(ascii: "]") else { return false }
        return bytes[(index + 1)..<(index + 1 + level)].allSatisfy { $0 == UInt8(ascii: "=") }
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func isNameByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
}
