import CLuaSupport

extension LuaCore {
    /// Makes an error of a failed entry; the error value is on top of `stack` and is removed.
    func takeFailure(_ kind: Int32, on stack: OpaquePointer) -> LuaError {
        let value = (try? read(stack, -1, LuaLimits(depth: 4, elements: 100, bytes: 64 << 10))) ?? .nil
        lh_set_top(stack, lh_top(stack) - 1)
        let file = String(cString: lh_failure_file(pointer))
        let line = Int(lh_failure_line(pointer))
        var error = LuaError(
            code(kind), message: message(of: value), file: file.isEmpty ? nil : file, line: line > 0 ? line : nil,
            traceback: String(cString: lh_failure_traceback(pointer)), value: value)
        error.separatePosition()
        switch error.code {
        case .memory:
            let limit = configuration.memoryLimit >> 10
            error.message = "\(configuration.scriptName): not enough memory: the limit is \(limit) KiB"
        case .killed:
            error.underlying = killer
            killer = nil
        default:
            break
        }
        return error
    }

    private func message(of value: LuaValue) -> String {
        switch value {
        case .string(let string): string.description
        case .table(let table): table["message"].text ?? "an error object without a message"
        case .nil: "nil"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .number(let value): String(value)
        case .array, .json: "an error object without a message"
        case .object(let reference): "a \(reference.className) was raised as an error"
        case .opaque(let kind): "a \(kind) was raised as an error"
        }
    }

    private func code(_ kind: Int32) -> LuaError.Code {
        switch kind {
        case Int32(LH_FAILED_SYNTAX): .syntax
        case Int32(LH_FAILED_BYTECODE): .bytecode
        case Int32(LH_FAILED_MEMORY): .memory
        case Int32(LH_FAILED_CPU): .cpu
        case Int32(LH_FAILED_KILLED): .killed
        case Int32(LH_FAILED_INTERRUPTED): .interrupted
        default: .runtime
        }
    }
}

extension LuaError {
    /// Lua puts `file:line: ` in front of messages. It says more exactly than the stack who is to blame (`error` has
    /// levels), so it wins, and leaves the message.
    fileprivate mutating func separatePosition() {
        guard case .string = value, let (file, line, rest) = Self.splitPosition(message) else { return }
        // Lua cuts long names at the front; the stack knows them whole.
        let isCut = file.hasPrefix("...") && self.file?.hasSuffix(file.dropFirst(3)) == true
        if !isCut {
            self.file = file
        }
        self.line = line
        message = rest
    }

    static func splitPosition(_ text: String) -> (file: String, line: Int, rest: String)? {
        var search = text[...]
        while let colon = search.firstIndex(of: ":") {
            let after = text.index(after: colon)
            let digits = text[after...].prefix { $0.isASCII && $0.isNumber }
            let rest = text[digits.endIndex...]
            if !digits.isEmpty, rest.hasPrefix(": "), colon > text.startIndex, let line = Int(digits),
                !text[..<colon].contains("\n")
            {
                return (String(text[..<colon]), line, String(rest.dropFirst(2)))
            }
            search = text[after...]
        }
        return nil
    }
}
