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
        withObject { L, _ in
            json.withUnsafeBufferPointer { lh_object_set_json(L, -1, $0.baseAddress, $0.count) }
        }
    }

    /// Sets one field.
    public func set(_ name: String, _ field: LuaObjectContent.Field) {
        withObject { L, core in core.set(field, named: name, on: L) }
    }

    /// Sets what `tostring` gives.
    public func setLabel(_ label: String) {
        var label = label
        withObject { L, _ in
            label.withUTF8 { label in
                label.withMemoryRebound(to: CChar.self) { lh_object_set_label(L, -1, $0.baseAddress, $0.count) }
            }
        }
    }

    /// A field as a script would read it, by copy.
    public func field(_ name: String) -> LuaValue {
        var name = name
        return withObject { L, core in
            name.withUTF8 { name in
                name.withMemoryRebound(to: CChar.self) {
                    lh_object_get_field(core.pointer, L, -1, $0.baseAddress, $0.count)
                }
            }
            return (try? core.read(L, -1, LuaLimits())) ?? .nil
        } ?? .nil
    }

    @discardableResult
    private func withObject<Result>(_ body: (OpaquePointer, LuaCore) -> Result) -> Result? {
        let core = reference.core
        return core.withStack { L in
            let top = lh_top(L)
            reference.push(L)
            defer { lh_set_top(L, top) }
            return body(L, core)
        }
    }
}
