import LuaRuntime
import Moonwire

/// What a script has registered.
struct Registrations {
    /// The Lua side of a handler; the core's side is its descriptor of the same index.
    struct Handler {
        let function: LuaFunction
        let filter: LuaFunction?
    }

    private(set) var handlers: [HandlerDescriptor] = []
    private(set) var functions: [Handler] = []
    private(set) var chain: LuaFunction?
    var middlewares: [LuaFunction] = []
    var errorHandler: LuaFunction?
    /// Where `bot.settings` was called.
    var settingsLocation: String?
    private var ordinals: [String: Int] = [:]
    private var identities: [String: String] = [:]

    /// - Parameter subject: what an unnamed handler is called after: its event or command.
    /// - Throws: the sentence for a name that is taken.
    mutating func add(
        _ trigger: HandlerDescriptor.Trigger, subject: String, name: String?, filter: EventFilter, priority: Int,
        location: String, handler: Handler
    ) throws(RegistrationProblem) {
        ordinals[subject, default: 0] += 1
        let identity = name ?? "\(subject)#\(ordinals[subject, default: 1])"
        if let other = identities[identity] {
            throw RegistrationProblem(description: "the name '\(identity)' is taken by the handler at \(other)")
        }
        identities[identity] = location
        handlers.append(
            HandlerDescriptor(
                index: handlers.count, identity: identity, trigger: trigger, filter: filter,
                hasWhere: handler.filter != nil, priority: priority, location: location))
        functions.append(handler)
    }

    /// Joins the middleware once all of it is known.
    mutating func finish(with prelude: Prelude) throws(LuaError) {
        chain = middlewares.isEmpty ? nil : try prelude.chain(middlewares)
    }
}

/// Why a registration is refused.
struct RegistrationProblem: Error {
    let description: String
}
