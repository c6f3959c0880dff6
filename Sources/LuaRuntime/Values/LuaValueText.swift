import CLuaSupport

/// Short text for a value that stays in Lua, for people: bounded in depth and length, without addresses, and without
/// running a metamethod. An object with a label of its own (a secret's is `***`) shows the label alone.
struct LuaValueText {
    private static let mostCharacters = 60
    private static let mostElements = 8
    private static let mostFields = 4
    private static let deepest = 3

    let core: LuaCore
    let stack: OpaquePointer

    func text(of index: Int32) -> String {
        text(of: index, depth: 0)
    }

    private func text(of index: Int32, depth: Int) -> String {
        guard lh_reserve(stack, 8) else { return "…" }
        switch lh_kind(stack, index) {
        case Int32(LH_NIL), Int32(LH_NONE): return "nil"
        case Int32(LH_NULL): return "null"
        case Int32(LH_BOOLEAN): return lh_to_boolean(stack, index) ? "true" : "false"
        case Int32(LH_INTEGER):
            var ok = false
            return String(lh_to_integer(stack, index, &ok))
        case Int32(LH_NUMBER):
            var ok = false
            return String(lh_to_number(stack, index, &ok))
        case Int32(LH_STRING): return quoted(index)
        case Int32(LH_TABLE): return table(absolute(index), depth: depth)
        case Int32(LH_FUNCTION): return function(index)
        case Int32(LH_OBJECT): return object(absolute(index), depth: depth)
        default: return String(cString: lh_kind_name(stack, index))
        }
    }

    private func absolute(_ index: Int32) -> Int32 { index > 0 ? index : lh_top(stack) + index + 1 }

    private func quoted(_ index: Int32) -> String {
        var length = 0
        guard let bytes = lh_to_bytes(stack, index, &length) else { return "\"\"" }
        // Four bytes are the longest character.
        let prefix = UnsafeRawBufferPointer(start: bytes, count: min(length, Self.mostCharacters * 4 + 4))
        let text = String(decoding: prefix, as: UTF8.self)
        let isCut = length > prefix.count || text.count > Self.mostCharacters
        var shown = "\""
        for scalar in text.prefix(Self.mostCharacters).unicodeScalars {
            switch scalar {
            case "\"", "\\": shown += "\\\(scalar)"
            case "\n": shown += "\\n"
            case let scalar where scalar.value < 0x20 || scalar.value == 0x7F: shown += "\\\(scalar.value)"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown + (isCut ? "…\"" : "\"")
    }

    private func function(_ index: Int32) -> String {
        var file: UnsafePointer<CChar>?
        var length = 0
        var line: Int32 = 0
        guard lh_function_location(stack, index, &file, &length, &line), let file else { return "function" }
        return "function "
            + String(decoding: UnsafeRawBufferPointer(start: file, count: length), as: UTF8.self) + ":\(line)"
    }

    private func table(_ index: Int32, depth: Int) -> String {
        let top = lh_top(stack)
        defer { lh_set_top(stack, top) }
        var count: Int64 = 0
        let shape = lh_push_ordered_keys(stack, index, &count)
        guard shape != Int32(LH_SHAPE_UNORDERED) else { return "{…}" }
        guard count > 0 else { return "{}" }
        guard depth < Self.deepest else { return "{…}" }
        var parts: [String] = []
        for position in 1...min(count, Int64(Self.mostElements)) {
            defer { lh_set_top(stack, top + (shape == Int32(LH_SHAPE_SEQUENCE) ? 0 : 1)) }
            if shape == Int32(LH_SHAPE_SEQUENCE) {
                _ = lh_raw_get_index(stack, index, position)
                parts.append(text(of: -1, depth: depth + 1))
            } else {
                _ = lh_raw_get_index(stack, top + 1, position)
                let key = key(-1)
                lh_raw_get(stack, index)
                parts.append(key + " = " + text(of: -1, depth: depth + 1))
            }
        }
        if count > Int64(Self.mostElements) { parts.append("…") }
        return "{ " + parts.joined(separator: ", ") + " }"
    }

    private func key(_ index: Int32) -> String {
        guard lh_kind(stack, index) == Int32(LH_STRING) else { return "[\(text(of: index, depth: Self.deepest))]" }
        let quoted = quoted(index)
        let name = quoted.dropFirst().dropLast()
        let isName = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || byte == UInt8(ascii: "_")
        }
        return isName && !name.isEmpty ? String(name) : "[\(quoted)]"
    }

    private func object(_ index: Int32, depth: Int) -> String {
        guard let luaClass = core.readObject(stack, index)?.luaClass else { return "object" }
        let top = lh_top(stack)
        defer { lh_set_top(stack, top) }
        lh_object_get_label(stack, index)
        if lh_kind(stack, -1) == Int32(LH_STRING) {
            var length = 0
            guard let bytes = lh_to_bytes(stack, -1, &length) else { return luaClass.name }
            let label = String(decoding: UnsafeRawBufferPointer(start: bytes, count: min(length, 200)), as: UTF8.self)
            return "\(luaClass.name) \(label)"
        }
        guard depth < Self.deepest - 1 else { return luaClass.name }
        var parts: [String] = []
        for name in luaClass.fields where parts.count < Self.mostFields {
            lh_set_top(stack, top)
            name.withCString { lh_object_get_field(core.pointer, stack, index, $0, name.utf8.count) }
            switch lh_kind(stack, -1) {
            case Int32(LH_BOOLEAN), Int32(LH_INTEGER), Int32(LH_NUMBER), Int32(LH_STRING):
                parts.append("\(name) = \(text(of: -1, depth: depth + 1))")
            default: continue
            }
        }
        return parts.isEmpty ? luaClass.name : "\(luaClass.name) { \(parts.joined(separator: ", ")) }"
    }
}
