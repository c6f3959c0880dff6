import CLuaSupport

/// The C functions through which Lua reaches the host. They return codes and never raise.
enum LuaHostCallbacks {
    static func make(context: UnsafeMutableRawPointer) -> lh_host {
        lh_host(context: context, call: call, print: print, source: source, zone: zone)
    }

    /// The core outlives its C state, which holds this pointer; `deinit` and `close` end both together.
    private static func core(_ context: UnsafeMutableRawPointer?) -> LuaCore? {
        context.map { Unmanaged<LuaCore>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let call: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, Int64) -> Int32 = {
        context, stack, index in
        guard let core = core(context), let stack else { return 0 }
        guard core.functions.indices.contains(Int(index)) else {
            lh_push_bytes(stack, "the state is closed", 19)
            return Int32(LH_KILL)
        }
        let function = core.functions[Int(index)]
        let call = LuaCall(core: core, stack: stack, name: function.name, isMethod: function.isMethod)
        do {
            switch try function.body(call) {
            case .nothing:
                return 0
            case .value(let value):
                core.push(value, on: stack)
                return 1
            case .values(let values):
                guard lh_reserve(stack, Int32(clamping: values.count + 8)) else {
                    throw LuaRaise.message("too many results")
                }
                for value in values {
                    core.push(value, on: stack)
                }
                return Int32(values.count)
            case .suspend(let request):
                core.request = request
                return Int32(LH_SUSPEND)
            }
        } catch {
            return raise(error, core, stack)
        }
    }

    private static func raise(_ error: any Error, _ core: LuaCore, _ stack: OpaquePointer) -> Int32 {
        switch error {
        case LuaRaise.message(let message):
            core.pushText(message, on: stack)
            return Int32(LH_RAISE)
        case LuaRaise.object(let object), let object as LuaErrorObject:
            core.push(object, on: stack)
            return Int32(LH_RAISE)
        case LuaRaise.kill(let reason):
            core.killer = reason
            core.pushText(String(describing: reason), on: stack)
            return Int32(LH_KILL)
        default:
            core.pushText(String(describing: error), on: stack)
            return Int32(LH_RAISE)
        }
    }

    private static let print: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int) -> Void = {
        context, text, length in
        guard let core = core(context) else { return }
        core.configuration.log(String(decoding: UnsafeRawBufferPointer(start: text, count: length), as: UTF8.self))
    }

    private static let source:
        @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, Int) -> Bool = {
            context, stack, name, length in
            guard let core = core(context), let stack else { return false }
            let name = String(decoding: UnsafeRawBufferPointer(start: name, count: length), as: UTF8.self)
            guard let source = core.configuration.module(name) else { return false }
            core.pushBytes(source.bytes, on: stack)
            core.pushText("@" + source.file, on: stack)
            return true
        }

    private static let zone: @convention(c) (UnsafeMutableRawPointer?, Int64, UnsafeMutablePointer<lh_zone>?) -> Void =
        {
            context, instant, result in
            guard let core = core(context), let result else { return }
            let zone = core.configuration.timeZone(instant)
            result.pointee.seconds_east = Int32(clamping: zone.secondsEast)
            result.pointee.is_daylight_saving = zone.isDaylightSaving
            withUnsafeMutableBytes(of: &result.pointee.abbreviation) { buffer in
                for (index, byte) in zone.abbreviation.utf8.prefix(buffer.count - 1).enumerated() {
                    buffer[index] = byte
                }
            }
        }
}
