import LuaRuntime

/// What the parameters of a file's functions are.
///
/// A function that is given to a registration gets what the schema says. Of the others only a parameter called
/// `session` or `client` is taken for one, and only where it is used as such: it may be anything.
struct HandlerParameters {
    /// By function and position.
    private var known: [Int: [Int: APIObject]] = [:]

    init(_ usage: LuaUsage) {
        for call in usage.calls {
            guard call.callee.root == .globals, call.callee.path.count == 2, call.callee.path[0] == "bot",
                let registration = LuaAPI.bot.functions.first(where: { $0.name == call.callee.path[1] }),
                let names = registration.handlerParameters
            else { continue }
            for case .function(let function)? in call.arguments.map({ $0?.root }) {
                for (index, name) in names.enumerated() { known[function, default: [:]][index] = LuaAPI.object(name) }
            }
        }
    }

    func object(function: Int, index: Int) -> APIObject? { known[function]?[index] }

    /// What a parameter's name suggests.
    static func object(named name: String) -> APIObject? {
        switch name {
        case "session": LuaAPI.session
        case "client": LuaAPI.client
        default: nil
        }
    }
}

extension APIFunction {
    /// What the function that is registered is called with, by the names of the schema's objects.
    fileprivate var handlerParameters: [String]? {
        for parameter in parameters {
            guard case .function(let signature) = parameter.type else { continue }
            return signature.split { "(), ".contains($0) }.map { $0 == "err" ? LuaAPI.failure.name : String($0) }
        }
        return nil
    }
}
