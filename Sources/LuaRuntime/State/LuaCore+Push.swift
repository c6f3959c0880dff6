import CLuaSupport

// Swift values onto a Lua stack. None of this can raise: see the allocator's allowance for host code.
extension LuaCore {
    /// Tables nest no deeper than this when pushed; what lies below is nil.
    private static let deepestPush = 128

    func pushText(_ text: String, on stack: OpaquePointer) {
        var text = text
        text.withUTF8 { lh_push_bytes(stack, $0.baseAddress, $0.count) }
    }

    func pushBytes(_ bytes: [UInt8], on stack: OpaquePointer) {
        bytes.withUnsafeBufferPointer { lh_push_bytes(stack, $0.baseAddress, $0.count) }
    }

    func push(_ argument: LuaArgument, on stack: OpaquePointer) {
        switch argument {
        case .value(let value): push(value, on: stack)
        case .object(let object): push(object.reference, on: stack)
        case .function(let function): push(function.reference, on: stack)
        case .new(let luaClass, let content): push(new: luaClass, content, on: stack)
        case .list(let items): push(list: items, on: stack)
        }
    }

    private func push(list items: [LuaArgument], on stack: OpaquePointer) {
        guard lh_reserve(stack, 8) else {
            lh_push_nil(stack)
            return
        }
        lh_push_table(stack, Int32(clamping: items.count), 0)
        lh_mark_list(stack)
        for (index, item) in items.enumerated() {
            push(item, on: stack)
            lh_raw_set_index(stack, -2, Int64(index + 1))
        }
    }

    /// What belongs to another state is nil here.
    private func push(_ reference: LuaRegistryReference?, on stack: OpaquePointer) {
        if let reference, reference.core === self {
            reference.push(stack)
        } else {
            lh_push_nil(stack)
        }
    }

    func push(_ value: LuaValue, on stack: OpaquePointer, depth: Int = 0) {
        switch value {
        case .nil, .opaque: lh_push_nil(stack)
        case .boolean(let value): lh_push_boolean(stack, value)
        case .integer(let value): lh_push_integer(stack, value)
        case .number(let value): lh_push_number(stack, value)
        case .string(let string): pushBytes(string.bytes, on: stack)
        case .array(let values): push(array: values, on: stack, depth: depth)
        case .table(let table): push(table: table, on: stack, depth: depth)
        case .json(let bytes): pushJSON(bytes, on: stack)
        case .object(let reference):
            guard let luaClass = classes.first(where: { $0.name == reference.className }) else {
                lh_push_nil(stack)
                return
            }
            push(new: luaClass, LuaObjectContent(handle: reference.handle), on: stack)
        }
    }

    private func push(array values: [LuaValue], on stack: OpaquePointer, depth: Int) {
        guard depth < Self.deepestPush, lh_reserve(stack, 8) else {
            lh_push_nil(stack)
            return
        }
        lh_push_table(stack, Int32(clamping: values.count), 0)
        if values.isEmpty {
            lh_mark_list(stack)
        }
        for (index, value) in values.enumerated() {
            if value == .nil {
                lh_push_null(stack)
            } else {
                push(value, on: stack, depth: depth + 1)
            }
            lh_raw_set_index(stack, -2, Int64(index + 1))
        }
    }

    private func push(table: LuaTable, on stack: OpaquePointer, depth: Int) {
        guard depth < Self.deepestPush, lh_reserve(stack, 8) else {
            lh_push_nil(stack)
            return
        }
        lh_push_table(stack, 0, Int32(clamping: table.entries.count))
        for entry in table.entries {
            switch entry.key {
            case .string, .integer, .boolean: break
            case .number(let number) where !number.isNaN: break
            default: continue
            }
            push(entry.key, on: stack, depth: depth + 1)
            push(entry.value, on: stack, depth: depth + 1)
            lh_raw_set(stack, -3)
        }
    }

    /// Bytes that are not JSON are nil here; whoever needs to know parses first.
    @discardableResult
    func pushJSON(_ bytes: [UInt8], on stack: OpaquePointer) -> Int32 {
        let code = bytes.withUnsafeBufferPointer { lh_push_json(pointer, stack, $0.baseAddress, $0.count) }
        if code != 0 {
            lh_push_nil(stack)
        }
        return code
    }

    func push(_ object: LuaErrorObject, on stack: OpaquePointer) {
        var code = object.code
        var message = object.message
        code.withUTF8 { code in
            message.withUTF8 { message in
                code.withMemoryRebound(to: CChar.self) { code in
                    message.withMemoryRebound(to: CChar.self) { message in
                        lh_push_error_object(
                            stack, code.isEmpty ? nil : code.baseAddress, code.count, message.baseAddress,
                            message.count,
                            object.retryable, Int64(object.status ?? 0))
                    }
                }
            }
        }
        guard let location = object.where, lh_reserve(stack, 4) else { return }
        pushText("where", on: stack)
        pushText(location, on: stack)
        lh_raw_set(stack, -3)
    }

    func push(new luaClass: LuaClass, _ content: LuaObjectContent, on stack: OpaquePointer) {
        guard luaClass.reference.core === self, lh_reserve(stack, 16) else {
            lh_push_nil(stack)
            return
        }
        luaClass.reference.push(stack)
        lh_push_object(stack, content.handle)
        fill(stack, content)
    }

    /// Writes what `content` says into the object on top of the stack.
    func fill(_ stack: OpaquePointer, _ content: LuaObjectContent) {
        if let fields = content.fields {
            fields.withUnsafeBufferPointer { lh_object_set_json(stack, -1, $0.baseAddress, $0.count) }
        }
        if var label = content.label {
            label.withUTF8 { label in
                label.withMemoryRebound(to: CChar.self) { lh_object_set_label(stack, -1, $0.baseAddress, $0.count) }
            }
        }
        for (name, field) in content.overrides {
            set(field, named: name, on: stack)
        }
    }

    /// Sets a field of the object on top of the stack.
    func set(_ field: LuaObjectContent.Field, named name: String, on stack: OpaquePointer) {
        var name = name
        name.withUTF8 { name in
            name.withMemoryRebound(to: CChar.self) { name in
                switch field {
                case .value(let argument):
                    push(argument, on: stack)
                    lh_object_set_field(pointer, stack, -2, name.baseAddress, name.count)
                case .json(let bytes):
                    bytes.withUnsafeBufferPointer {
                        lh_object_set_json_field(
                            pointer, stack, -1, name.baseAddress, name.count, $0.baseAddress, $0.count)
                    }
                }
            }
        }
    }
}
