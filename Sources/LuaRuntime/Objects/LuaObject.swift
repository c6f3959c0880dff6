import CLuaSupport

/// A host object that the host keeps: to hand it to Lua again, or to change its fields. Belongs to its state's thread.
public final class LuaObject {
    public let luaClass: LuaClass
    public let handle: Int64
    let reference: LuaRegistryReference

    init(luaClass: LuaClass, handle: Int64, reference: LuaRegistryReference) {
        self.luaClass = luaClass
        self.handle = handle
        self.reference = reference
    }

    /// Replaces all fields by those of a JSON object, which is decoded when one is read.
    public func setFields(_ json: [UInt8]) {
        withObject { stack, _ in
            json.withUnsafeBufferPointer { lh_object_set_json(stack, -1, $0.baseAddress, $0.count) }
        }
    }

    /// Sets one field.
    public func set(_ name: String, _ field: LuaObjectContent.Field) {
        withObject { stack, core in core.set(field, named: name, on: stack) }
    }

    /// Sets what `tostring` gives.
    public func setLabel(_ label: String) {
        var label = label
        withObject { stack, _ in
            label.withUTF8 { label in
                label.withMemoryRebound(to: CChar.self) { lh_object_set_label(stack, -1, $0.baseAddress, $0.count) }
            }
        }
    }

    /// A field as a script would read it, by copy.
    public func field(_ name: String) -> LuaValue {
        var name = name
        return withObject { stack, core in
            name.withUTF8 { name in
                name.withMemoryRebound(to: CChar.self) {
                    lh_object_get_field(core.pointer, stack, -1, $0.baseAddress, $0.count)
                }
            }
            return (try? core.read(stack, -1, LuaLimits())) ?? .nil
        } ?? .nil
    }

    @discardableResult
    private func withObject<Result>(_ body: (OpaquePointer, LuaCore) -> Result) -> Result? {
        let core = reference.core
        return core.withStack { stack in
            let top = lh_top(stack)
            reference.push(stack)
            defer { lh_set_top(stack, top) }
            return body(stack, core)
        }
    }
}
