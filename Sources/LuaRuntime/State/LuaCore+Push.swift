import CLuaSupport

// Swift values onto a Lua stack. None of this can raise: see the allocator's allowance for host code.
extension LuaCore {
    /// Tables nest no deeper than this when pushed; what lies below is nil.
    private static let deepestPush = 128

    func pushText(_ text: String, on L: OpaquePointer) {
        var text = text
        text.withUTF8 { lh_push_bytes(L, $0.baseAddress, $0.count) }
    }

    func pushBytes(_ bytes: [UInt8], on L: OpaquePointer) {
        bytes.withUnsafeBufferPointer { lh_push_bytes(L, $0.baseAddress, $0.count) }
    }

    func push(_ argument: LuaArgument, on L: OpaquePointer) {
        switch argument {
        case .value(let value): push(value, on: L)
        case .object(let object): push(object.reference, on: L)
        case .function(let function): push(function.reference, on: L)
        case .new(let luaClass, let content): push(new: luaClass, content, on: L)
        case .list(let items): push(list: items, on: L)
        }
    }

    private func push(list items: [LuaArgument], on L: OpaquePointer) {
        guard lh_reserve(L, 8) else {
            lh_push_nil(L)
            return
        }
        lh_push_table(L, Int32(clamping: items.count), 0)
        lh_mark_list(L)
        for (index, item) in items.enumerated() {
            push(item, on: L)
            lh_raw_set_index(L, -2, Int64(index + 1))
        }
    }

    /// What belongs to another state is nil here.
    private func push(_ reference: LuaRegistryReference?, on L: OpaquePointer) {
        if let reference, reference.core === self {
            reference.push(L)
        } else {
            lh_push_nil(L)
        }
    }

    func push(_ value: LuaValue, on L: OpaquePointer, depth: Int = 0) {
        switch value {
        case .nil, .opaque: lh_push_nil(L)
        case .boolean(let value): lh_push_boolean(L, value)
        case .integer(let value): lh_push_integer(L, value)
        case .number(let value): lh_push_number(L, value)
        case .string(let string): pushBytes(string.bytes, on: L)
        case .array(let values): push(array: values, on: L, depth: depth)
        case .table(let table): push(table: table, on: L, depth: depth)
        case .json(let bytes): pushJSON(bytes, on: L)
        case .object(let reference):
            guard let luaClass = classes.first(where: { $0.name == reference.className }) else {
                lh_push_nil(L)
                return
            }
            push(new: luaClass, LuaObjectContent(handle: reference.handle), on: L)
        }
    }

    private func push(array values: [LuaValue], on L: OpaquePointer, depth: Int) {
        guard depth < Self.deepestPush, lh_reserve(L, 8) else {
            lh_push_nil(L)
            return
        }
        lh_push_table(L, Int32(clamping: values.count), 0)
        if values.isEmpty {
            lh_mark_list(L)
        }
        for (index, value) in values.enumerated() {
            if value == .nil {
                lh_push_null(L)
            } else {
                push(value, on: L, depth: depth + 1)
            }
            lh_raw_set_index(L, -2, Int64(index + 1))
        }
    }

    private func push(table: LuaTable, on L: OpaquePointer, depth: Int) {
        guard depth < Self.deepestPush, lh_reserve(L, 8) else {
            lh_push_nil(L)
            return
        }
        lh_push_table(L, 0, Int32(clamping: table.entries.count))
        for entry in table.entries {
            switch entry.key {
            case .string, .integer, .boolean: break
            case .number(let number) where !number.isNaN: break
            default: continue
            }
            push(entry.key, on: L, depth: depth + 1)
            push(entry.value, on: L, depth: depth + 1)
            lh_raw_set(L, -3)
        }
    }

    /// Bytes that are not JSON are nil here; whoever needs to know parses first.
    @discardableResult
    func pushJSON(_ bytes: [UInt8], on L: OpaquePointer) -> Int32 {
        let code = bytes.withUnsafeBufferPointer { lh_push_json(pointer, L, $0.baseAddress, $0.count) }
        if code != 0 {
            lh_push_nil(L)
        }
        return code
    }

    func push(_ object: LuaErrorObject, on L: OpaquePointer) {
        var code = object.code
        var message = object.message
        code.withUTF8 { code in
            message.withUTF8 { message in
                code.withMemoryRebound(to: CChar.self) { code in
                    message.withMemoryRebound(to: CChar.self) { message in
                        lh_push_error_object(
                            L, code.isEmpty ? nil : code.baseAddress, code.count, message.baseAddress, message.count,
                            object.retryable, Int64(object.status ?? 0))
                    }
                }
            }
        }
    }

    func push(new luaClass: LuaClass, _ content: LuaObjectContent, on L: OpaquePointer) {
        guard luaClass.reference.core === self, lh_reserve(L, 16) else {
            lh_push_nil(L)
            return
        }
        luaClass.reference.push(L)
        lh_push_object(L, content.handle)
        fill(L, content)
    }

    /// Writes what `content` says into the object on top of the stack.
    func fill(_ L: OpaquePointer, _ content: LuaObjectContent) {
        if let fields = content.fields {
            fields.withUnsafeBufferPointer { lh_object_set_json(L, -1, $0.baseAddress, $0.count) }
        }
        if var label = content.label {
            label.withUTF8 { label in
                label.withMemoryRebound(to: CChar.self) { lh_object_set_label(L, -1, $0.baseAddress, $0.count) }
            }
        }
        for (name, field) in content.overrides {
            set(field, named: name, on: L)
        }
    }

    /// Sets a field of the object on top of the stack.
    func set(_ field: LuaObjectContent.Field, named name: String, on L: OpaquePointer) {
        var name = name
        name.withUTF8 { name in
            name.withMemoryRebound(to: CChar.self) { name in
                switch field {
                case .value(let argument):
                    push(argument, on: L)
                    lh_object_set_field(pointer, L, -2, name.baseAddress, name.count)
                case .json(let bytes):
                    bytes.withUnsafeBufferPointer {
                        lh_object_set_json_field(pointer, L, -1, name.baseAddress, name.count, $0.baseAddress, $0.count)
                    }
                }
            }
        }
    }
}
