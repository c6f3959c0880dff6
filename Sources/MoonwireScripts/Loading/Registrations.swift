import LuaRuntime
import Moonwire

/// What a script has registered.
struct Registrations {
    /// The Lua side of a handler; the core's side is its descriptor of the same index.
    struct Handler {
        let function: LuaFunction
        let filter: LuaFunction?
        /// The name of the panel that the function fills.
        var panel: String?
    }

    private(set) var handlers: [HandlerDescriptor] = []
    private(set) var functions: [Handler] = []
    private(set) var chain: LuaFunction?
    private(set) var dialogs: [Dialog] = []
    /// Business hours; an object's handle is its position here, from 1.
    var hours: [(name: String, hours: BusinessHours)] = []
    private(set) var broadcasts: [RegisteredBroadcast] = []
    var middlewares: [LuaFunction] = []
    var errorHandler: LuaFunction?
    /// Where `bot.settings` was called.
    var settingsLocation: String?
    private var ordinals: [String: Int] = [:]
    private var identities: [String: String] = [:]

    /// - Parameters:
    ///   - subject: what an unnamed handler is called after: its event or command.
    ///   - dialog: the dialog that the handler's function begins. Its handler keeps its name when others are added
    ///     before it, so that a dialog finds its handler in another version of the script.
    /// - Throws: the sentence for a name that is taken.
    mutating func add(
        _ trigger: HandlerDescriptor.Trigger, subject: String, name: String?, dialog: Dialog?, filter: EventFilter,
        priority: Int, location: String, handler: Handler, job: JobDeclaration? = nil,
        webhook: WebhookDeclaration? = nil
    ) throws(RegistrationProblem) {
        let position = next(subject)
        let identity = name ?? dialog.map { self.name(of: $0) } ?? "\(subject)#\(position)"
        if let other = identities[identity] {
            throw RegistrationProblem(description: "the name '\(identity)' is taken by the handler at \(other)")
        }
        identities[identity] = location
        handlers.append(
            HandlerDescriptor(
                index: handlers.count, identity: identity, trigger: trigger, filter: filter,
                hasWhere: handler.filter != nil, priority: priority, location: location,
                job: job, webhook: webhook))
        functions.append(handler)
    }

    private mutating func next(_ subject: String) -> Int {
        ordinals[subject, default: 0] += 1
        return ordinals[subject, default: 1]
    }

    private mutating func name(of dialog: Dialog) -> String {
        let name = "dialog:" + dialog.name
        let position = next(name)
        return position == 1 ? name : "\(name)#\(position)"
    }

    /// - Returns: the dialog's number.
    mutating func add(_ dialog: Dialog) throws(RegistrationProblem) -> Int {
        if let other = dialogs.first(where: { $0.name == dialog.name }) {
            throw RegistrationProblem(
                description: "the name '\(dialog.name)' is taken by the dialog at \(other.location)")
        }
        dialogs.append(dialog)
        return dialogs.count - 1
    }

    /// - Returns: the broadcast's number.
    mutating func add(_ broadcast: RegisteredBroadcast) throws(RegistrationProblem) -> Int {
        if let other = broadcasts.first(where: { $0.name == broadcast.name }) {
            throw RegistrationProblem(
                description: "the name '\(broadcast.name)' is taken by the broadcast at \(other.location)")
        }
        broadcasts.append(broadcast)
        return broadcasts.count - 1
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
